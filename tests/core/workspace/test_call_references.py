"""Find the permalinks in the code of widgets."""

from strongroom.widgets.code import WidgetCode
from strongroom.workspace.call_references import occurrences_in_code, permalink_at, places_of
from strongroom.workspace.references import Symbol, SymbolKind
from strongroom.workspace.widget_files import code_with_calls

CODE = """const LIST = 'news';
sdk.connectors.execute({ permalink: LIST, method: 'GET' });
sdk.connectors.execute({ permalink: LIST, method: "GET" });
sdk.connectors.composite.execute({ permalink: `news` });
"""


def test_each_text_is_one_use_of_a_connector_or_composite():
    found = list(occurrences_in_code(WidgetCode("a.js", CODE)))
    assert [(one.symbol.kind, CODE[one.start : one.end]) for one in found] == [
        (SymbolKind.CONNECTOR, "news"),
        (SymbolKind.COMPOSITE, "news"),
    ]
    assert found[0].start == CODE.index("news")


def test_a_permalink_is_found_at_its_text_and_at_the_name_of_its_constant():
    code = WidgetCode("a.js", CODE)
    for offset in (CODE.index("news"), CODE.index("LIST, "), CODE.rindex("LIST") + 2):
        assert permalink_at(code, offset).symbol == Symbol(SymbolKind.CONNECTOR, "news")
    assert permalink_at(code, CODE.index("method")) is None


def test_a_permalink_of_another_file_has_its_place_there(tmp_path):
    (tmp_path / "connectors_registry.json").write_text('{"connectors": []}')
    folder = tmp_path / "widgets" / "a"
    folder.mkdir(parents=True)
    names, main = folder / "names.ts", folder / "main.ts"
    names.write_text("export const LIST = 'news';")
    main.write_text(
        "import { LIST } from './names';\nsdk.connectors.execute({ permalink: LIST, method: 'GET' });"
    )
    (code,) = code_with_calls(str(tmp_path))
    assert list(occurrences_in_code(code)) == []
    assert list(places_of(code, Symbol(SymbolKind.CONNECTOR, "news"))) == [(str(names), 21, 25)]
    assert list(places_of(code, Symbol(SymbolKind.COMPOSITE, "news"))) == []
