/* Runs before Streamlit's script: its server is where this page came from, at the root.

Streamlit would ask under the page's own path first (/metrics/_stcore/health), be refused, wait and ask again: 0.15 s of
every page but the first.
*/

window.__streamlit = { BACKEND_BASE_URL: location.origin };
