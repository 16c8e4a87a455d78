"""Name the files of a project, and the signs of its convention (PLATFORM §9)."""

from typing import Final

REGISTRY: Final = "connectors_registry.json"
"""The only connector file that the platform reads."""

WIDGETS_FOLDER: Final = "widgets"
WIDGET_FILE: Final = "connectors.json"
"""The connector file of a widget, `widgets/<name>/connectors.json`."""

BUILD_SCRIPT: Final = "bin/build-registry.sh"
"""The script of the template repository that builds the registry from the widgets' files."""

PROJECT_FILE: Final = "gsds.json"
"""The file that marks a project of gsds, with the member `cliVersion`."""

REGISTRY_IS_WRITTEN_FROM: Final = (1, 8)
"""The version of gsds from which on people write the registry, and nothing reads the widgets' files."""
