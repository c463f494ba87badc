// The review by keyboard, and a search in the list of topics. Without this script all of it works with the mouse or Tab.

const page = document.querySelector(".review");
const help = document.getElementById("help");
const openHelp = document.getElementById("open-help");
const FIELDS = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const CONTROLS = `${FIELDS}, input, button, a[href], summary`;

openHelp.hidden = false;
openHelp.addEventListener("click", () => help.showModal());

if (page.hasAttribute("data-shortcuts")) {
  page.classList.add("with-keys"); // shows them on the buttons
  document.addEventListener("keydown", shortcut);
}

const search = document.getElementById("topic-search");
if (search) searchTopics(search, document.getElementById("topic"));

const tickAll = document.getElementById("tick-all");
if (tickAll) tickTogether(tickAll, [...document.querySelectorAll("input[name=similar]")]);

function shortcut(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || help.open) return;
  const target = event.target;
  if (target.matches(FIELDS)) {
    if (event.key === "Escape") target.blur();
    return;
  }
  if (event.key === "Enter" && target.matches(CONTROLS)) return;
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const pressed = key === "?" ? openHelp : withKey("key", key);
  const focused = withKey("focusKey", key);
  if (!pressed && !focused) return;
  event.preventDefault();
  pressed?.click();
  focused?.focus();
}

function withKey(name, key) {
  const attribute = name === "key" ? "data-key" : "data-focus-key";
  return [...page.querySelectorAll(`[${attribute}]`)].find((each) => each.dataset[name].split(" ").includes(key));
}

// What is typed narrows the list down and chooses its first entry, so that Enter takes it.
function searchTopics(field, list) {
  const groups = [...list.querySelectorAll("optgroup")].map((group) => ({ group, options: [...group.children] }));
  document.getElementById("topic-search-field").hidden = false;
  field.addEventListener("input", () => {
    const words = folded(field.value).split(/\s+/).filter(Boolean);
    const fits = (option) => words.every((word) => folded(option.text).includes(word));
    const shown = groups.map(({ group, options }) => ({ group, options: options.filter(fits) }));
    for (const { group, options } of shown) group.replaceChildren(...options);
    list.replaceChildren(...shown.filter(({ options }) => options.length).map(({ group }) => group));
    list.selectedIndex = words.length && list.options.length ? 0 : -1;
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" || !list.options.length) return;
    event.preventDefault();
    list.focus();
    if (list.selectedIndex < 0) list.selectedIndex = 0;
  });
  list.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && list.value) list.form.requestSubmit(list.form.querySelector("[value=corrected]"));
  });
}

function folded(text) {
  return text.toLowerCase().replaceAll("ä", "ae").replaceAll("ö", "oe").replaceAll("ü", "ue").replaceAll("ß", "ss");
}

function tickTogether(button, boxes) {
  document.getElementById("tick-all-field").hidden = false;
  const show = () => button.setAttribute("aria-pressed", String(boxes.every((box) => box.checked)));
  button.addEventListener("click", () => {
    const all = boxes.every((box) => box.checked);
    for (const box of boxes) box.checked = !all;
    show();
  });
  for (const box of boxes) box.addEventListener("change", show);
  show();
}
