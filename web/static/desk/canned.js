/** Texts of the content: found by their words, put into the answer. */
export class Canned {
	#section = document.querySelector("#canned");
	#search = document.querySelector("#canned-search");
	#found = document.querySelector("#canned-found");

	constructor(insert) {
		for (const item of this.#items) {
			const button = item.querySelector("button");
			button.hidden = false;
			button.addEventListener("click", () => insert(item.querySelector("p").textContent));
		}
		this.#section.querySelector("[data-search]").hidden = false;
		this.#search.addEventListener("input", () => this.#filter());
		this.#search.addEventListener("keydown", (event) => {
			const first = this.#items.find((item) => !item.hidden);
			if (event.key !== "Enter" || !first) return;
			event.preventDefault(); // the focus is in the answer before the key does what it does there
			insert(first.querySelector("p").textContent);
		});
		document.addEventListener("keydown", (event) => {
			if (event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey)) return;
			event.preventDefault();
			this.#search.focus();
			this.#search.select();
		});
	}

	get #items() {
		return [...this.#section.querySelectorAll("li")];
	}

	#filter() {
		const words = folded(this.#search.value).split(/\s+/);
		for (const item of this.#items) {
			const text = folded(item.textContent);
			item.hidden = !words.every((word) => text.includes(word));
		}
		const found = this.#items.filter((item) => !item.hidden).length;
		this.#found.textContent = found === 1 ? "1 Treffer" : `${found} Treffer`;
	}
}

function folded(text) {
	return text.toLowerCase().replaceAll("ß", "ss").replace(/ae|oe|ue/g, (pair) => pair[0]).normalize("NFD").replace(/\p{M}/gu, "");
}
