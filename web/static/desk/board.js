import { call, stand } from "../console/standing.js";
import { fill } from "../console/template.js";

/** The lists of conversations, and who is there. A page shows those that it has a place for. */
export class Board {
	#desk;
	#waiting;

	constructor(desk) {
		this.#desk = desk;
		this.#waiting = [...desk.querySelectorAll("[data-list=waiting] [data-id]")].map((item) => item.dataset.id);
	}

	show(board) {
		for (const list of this.#desk.querySelectorAll("[data-list]")) this.#list(list, board[list.dataset.list]);
		for (const node of this.#desk.querySelectorAll("[data-board]")) node.textContent = board[node.dataset.board];
		for (const form of this.#desk.querySelectorAll("[data-available]")) {
			form.hidden = form.dataset.available !== String(board.standing.available);
		}
		stand(board.standing);
		const waiting = board.waiting.map((row) => row.id);
		if (waiting.some((id) => !this.#waiting.includes(id))) call(board.standing);
		this.#waiting = waiting;
	}

	/** Rows stay where they are, so that a focus in one of them stays, too. */
	#list(list, rows) {
		const items = list.querySelector("[data-rows]");
		const known = new Map([...items.children].map((item) => [item.dataset.id, item]));
		const now = rows.map((row) => {
			const item = known.get(row.id) ?? list.querySelector("template").content.firstElementChild.cloneNode(true);
			item.dataset.id = row.id;
			fill(item, row);
			for (const node of item.querySelectorAll("[data-address]")) node.setAttribute(node.dataset.address, row.address);
			return item;
		});
		for (const item of items.children) {
			if (!now.includes(item) && item.contains(document.activeElement)) list.querySelector("h2").focus();
		}
		for (const item of [...items.children]) if (!now.includes(item)) item.remove();
		now.forEach((item, place) => items.children[place] === item || items.insertBefore(item, items.children[place] ?? null));
		items.hidden = !rows.length;
		list.querySelector("[data-empty]").hidden = rows.length > 0;
		list.querySelector("[data-count]").textContent = rows.length;
	}
}
