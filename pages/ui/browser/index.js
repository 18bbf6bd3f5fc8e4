/* A list of names, each with its text. Streamlit calls it with what index.py says.

Words are set as text, never as HTML. A plain click tells the server; any other use of the link is the browser's.
*/

function entry({ code, name, text }, address, choose) {
  const link = document.createElement("a");
  link.textContent = name;
  link.href = `${address}&pick=${encodeURIComponent(code)}`;
  link.addEventListener("click", event => {
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    choose(code);
  });
  const both = document.createElement("li");
  const words = document.createElement("p");
  words.textContent = text;
  both.append(link, words);
  return both;
}

export default function index({ data, parentElement, setTriggerValue }) {
  const { address, entries } = JSON.parse(new TextDecoder().decode(data));
  const list = parentElement.querySelector(".index") ?? parentElement.appendChild(document.createElement("ul"));
  list.className = "index";
  list.replaceChildren(...entries.map(one => entry(one, address, code => setTriggerValue("chosen", code))));
}
