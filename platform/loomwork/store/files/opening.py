"""The storage that the settings name."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from loomwork.errors import N_, UnavailableError
from loomwork.store.files.bucket import Bucket
from loomwork.store.files.storage import Folder, Storage
from loomwork.store.settings import Settings

FOLDER = "files"


def open_storage(settings: Settings) -> Storage:
    """Return the site's storage; it is not asked for anything yet."""
    if not settings.files_url:
        return Folder(settings.home / FOLDER)
    parts = urlsplit(settings.files_url)
    if parts.scheme == "s3":
        return Bucket(settings.files_url)
    if parts.scheme == "file" and not parts.netloc and parts.path.startswith("/"):
        return Folder(Path(unquote(parts.path)))
    raise UnavailableError(
        N_("LOOMWORK_FILES_URL begins with file:/// or s3://, not with “{scheme}”."),
        scheme=f"{parts.scheme}://{parts.netloc}"[:60],
    )
