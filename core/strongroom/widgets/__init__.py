"""Read the calls of connectors in the code of widgets.

The languages are JavaScript, TypeScript, HTML, Vue and Svelte. The reader is tolerant: it never raises on any
text, and what is not certain from the text is not known. It reads no file.
"""
