import { announce } from "../console/news.js";
import { make } from "../console/template.js";

/** Pixels from the end within which the transcript follows what comes. */
const NEAR = 80;

/** The open conversation: its transcript, who has it, and whether the citizen is typing. */
export class Conversation {
	#desk;
	#log = document.querySelector("#verlauf");
	#transcript = document.querySelector("#transcript");
	#situation = document.querySelector("#situation");
	#typing = document.querySelector("#typing");
	#typed;

	constructor(desk) {
		this.#desk = desk;
		this.id = desk.dataset.conversation;
		this.user = desk.dataset.user;
		this.last = Number(desk.dataset.after);
		this.panel = this.#shown.dataset.panel;
		this.#log.scrollTop = this.#log.scrollHeight;
	}

	/** A message comes once: after a broken line the stream goes on from `last`. */
	add(message) {
		if (message.seq <= this.last) return;
		this.last = message.seq;
		const isAtEnd = this.#log.scrollHeight - this.#log.scrollTop - this.#log.clientHeight < NEAR;
		this.#understood(message);
		this.#transcript.append(this.#item(message));
		if (isAtEnd) this.#log.scrollTop = this.#log.scrollHeight;
		if (message.author === "citizen") this.type(0);
		if (!message.mine) announce(`${message.speaker}: ${message.text}`);
	}

	/** Shows who has the conversation now. */
	situate(situation) {
		for (const node of this.#situation.querySelectorAll("[data-situation]")) {
			node.textContent = situation[node.dataset.situation];
		}
		if (situation.panel === this.panel) return;
		document.querySelector("#lost").hidden = !(this.panel === "mine" && situation.panel === "requested");
		this.#show(situation.panel);
	}

	/** The citizen is typing, for so many seconds unless told again. */
	type(seconds) {
		clearTimeout(this.#typed);
		this.#typing.hidden = !seconds;
		if (seconds) this.#typed = setTimeout(() => this.type(0), seconds * 1000);
	}

	/** The citizen has deleted it: nothing of it stays on this page. */
	clear() {
		this.#transcript.replaceChildren();
		this.type(0);
		this.#show("deleted");
	}

	get #shown() {
		return this.#situation.querySelector("[data-panel]:not([hidden])");
	}

	#show(name) {
		const isInside = this.#shown.contains(document.activeElement);
		for (const panel of this.#situation.querySelectorAll("[data-panel]")) panel.hidden = panel.dataset.panel !== name;
		this.panel = name;
		if (isInside) this.#situation.focus();
		announce(this.#shown.querySelector("p").textContent);
	}

	#item(message) {
		const item = make("message", message);
		item.className = message.author;
		item.dataset.seq = message.seq;
		item.querySelector("time").dateTime = message.at;
		if (message.lang) item.querySelector(".text").lang = message.lang;
		item.querySelector("[data-redacted]").hidden = !message.redacted;
		return item;
	}

	/** What the bot understood of a question comes with its answer. */
	#understood({ reply_to, understood }) {
		const question = understood && this.#transcript.querySelector(`[data-seq="${reply_to}"]`);
		if (!question || question.querySelector(".verdict")) return;
		const verdict = document.createElement("p");
		verdict.className = "verdict";
		verdict.textContent = understood;
		question.append(verdict);
	}
}
