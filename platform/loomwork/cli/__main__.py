"""``python -m loomwork.cli`` is ``loomwork``."""

from loomwork.cli.main import main

main()
