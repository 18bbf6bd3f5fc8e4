"""Elements of our own, each drawn in the browser by a file of browser/ (docs/decisions/0014).

One element is drawn where Streamlit's own would be many. Its words are data, not markdown, and set as text.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict
from functools import lru_cache
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest
from streamlit.components.v2.types import ComponentRenderer

FOLDER = Path(__file__).resolve().parent
PACKAGE, NAMES = "outside_in", ("tiles", "index")
MANIFEST = ComponentManifest(PACKAGE, "1", [ComponentConfig(name, asset_dir="browser") for name in NAMES])


def component(name: str) -> ComponentRenderer:
    """What draws browser/<name>.js with data, under a key of its own, so that the browser draws into what is there."""
    return mounted(get_bidi_component_manager())[name]


@lru_cache(maxsize=1)
def mounted(manager: BidiComponentManager) -> Mapping[str, ComponentRenderer]:
    """The scripts are files, since the browser runs none that comes with the data (web.content_security_policy)."""
    manager.register_from_manifest(MANIFEST, FOLDER)
    return {
        name: st.components.v2.component(
            f"{PACKAGE}.{name}",
            css=(FOLDER / "browser" / f"{name}.css").read_text("utf-8"),
            js=f"{name}.js",
            isolate_styles=False,
        )
        for name in NAMES
    }


@lru_cache(maxsize=1000)
def written(shown: Any) -> bytes:
    """JSON of a frozen dataclass or of several, once for all who see the same: Streamlit would write it twice a run."""
    return json.dumps(shown, default=asdict, ensure_ascii=False).encode()
