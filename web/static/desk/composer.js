import { draftOf } from "../console/drafts.js";
import { announce } from "../console/news.js";
import { make } from "../console/template.js";
import { Canned } from "./canned.js";

/** Seconds until a message is tried again. */
const PAUSES = [1, 2, 4, 8, 15];
const TYPING = 3000;
const PATIENCE = 15_000;

/**
 * The answer that is being written, and those on their way. Both outlive a reload and a broken line: each message has an id
 * of its own, so that it may be sent again and arrives once.
 */
export class Composer {
	#conversation;
	#form = document.querySelector("#composer");
	#text = this.#form.elements.text;
	#button = document.querySelector("#send");
	#error = document.querySelector("#text-error");
	#personal = document.querySelector("#personal");
	#outbox = document.querySelector("#outbox");
	#draft;
	#unsent = [];
	#isSending = false;
	#typedAt = 0;

	constructor(conversation) {
		this.#conversation = conversation;
		this.#draft = draftOf(conversation.user, conversation.id);
		const kept = this.#draft.read();
		if (!this.#text.value) this.#text.value = kept.text ?? "";
		for (const message of kept.unsent ?? []) this.#queue(message);
		this.#text.addEventListener("input", () => this.#write());
		this.#text.addEventListener("keydown", (event) => {
			if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.isComposing) this.#form.requestSubmit();
		});
		this.#form.addEventListener("submit", (event) => this.#submit(event));
		addEventListener("beforeunload", (event) => this.#unsent.length && event.preventDefault());
		new Canned((text) => this.#insert(text));
		this.lock(conversation.panel !== "mine");
	}

	/** Whoever does not have the conversation cannot answer; what is written stays. */
	lock(isLocked) {
		this.#text.readOnly = isLocked;
		this.#button.setAttribute("aria-disabled", isLocked);
		this.#form.querySelector("[data-locked]").hidden = !isLocked;
		this.#form.querySelector("[data-open]").hidden = isLocked;
	}

	/** The transcript has the messages up to this number. */
	arrived(seq) {
		for (const item of this.#outbox.querySelectorAll("[data-sent]")) if (item.dataset.sent <= seq) item.remove();
		this.#outbox.hidden = !this.#outbox.children.length;
	}

	/** Nothing of the conversation stays. */
	clear() {
		this.#unsent = [];
		this.#outbox.replaceChildren();
		this.#text.value = "";
		this.#keep();
		this.#complain("");
		this.#personal.hidden = true;
		this.lock(true);
	}

	/** Sends what waits, one message after the other. */
	async send() {
		if (this.#isSending) return;
		this.#isSending = true;
		for (let tries = 0; this.#unsent.length; ) {
			const message = this.#unsent[0];
			const answer = await this.#post(message);
			if (message !== this.#unsent[0]) continue; // cleared meanwhile
			if (answer.seq) {
				tries = 0;
				this.#unsent.shift();
				this.#keep();
				const item = this.#outbox.querySelector(`[data-id="${message.id}"]`);
				item.dataset.sent = answer.seq;
				item.querySelector("[data-field=state]").textContent = "gesendet";
				this.arrived(this.#conversation.last);
			} else if (answer.error) {
				this.#takeBack(answer.error);
			} else {
				await new Promise((resolve) => setTimeout(resolve, 1000 * PAUSES[Math.min(tries++, PAUSES.length - 1)]));
			}
		}
		this.#isSending = false;
	}

	#submit(event) {
		event.preventDefault();
		if (this.#text.readOnly) return;
		const text = this.#text.value;
		this.#complain(text.trim() ? "" : "Ihre Antwort ist leer. Bitte schreiben Sie einen Text.");
		this.#personal.hidden = true;
		this.#text.focus();
		if (!text.trim()) return;
		this.#text.value = "";
		this.#queue({ id: uuid(), text, after: this.#conversation.last, personal: event.submitter?.value ?? "" });
		this.#keep();
		this.send();
	}

	#queue(message) {
		this.#unsent.push(message);
		const item = make("unsent", { text: message.text, state: "wird gesendet …" });
		item.dataset.id = message.id;
		this.#outbox.append(item);
		this.#outbox.hidden = false;
	}

	/** What the server said, {} where it is to be asked again. */
	async #post({ id, text, after, personal }) {
		const body = new FormData(this.#form);
		for (const [name, value] of Object.entries({ id, text, after, personal })) body.set(name, value);
		try {
			const signal = AbortSignal.timeout(PATIENCE);
			const headers = { Accept: "application/json" };
			const response = await fetch(this.#form.action, { method: "POST", body, headers, signal });
			if (response.status >= 500 || response.status === 429) return {};
			return await response.json().catch(() => ({ error: { message: "Bitte laden Sie die Seite neu und senden Sie noch einmal." } }));
		} catch {
			return {};
		}
	}

	/** Refused: what was on its way is a draft again. */
	#takeBack({ code, message }) {
		this.#text.value = [...this.#unsent.map(({ text }) => text), this.#text.value].filter(Boolean).join("\n\n");
		this.#unsent = [];
		for (const item of this.#outbox.querySelectorAll(":not([data-sent])[data-id]")) item.remove();
		this.arrived(this.#conversation.last);
		this.#keep();
		this.#complain(message);
		this.#personal.hidden = code !== "personal_data";
	}

	#complain(text) {
		this.#error.textContent = text;
		this.#text.toggleAttribute("aria-invalid", false);
		if (text) {
			this.#text.setAttribute("aria-invalid", "true");
			announce(text);
		}
	}

	#write() {
		this.#keep();
		const now = Date.now();
		if (this.#text.readOnly || !this.#text.value || now - this.#typedAt < TYPING) return;
		this.#typedAt = now;
		const headers = { Accept: "application/json" };
		fetch(this.#form.dataset.typing, { method: "POST", body: new FormData(this.#form), headers }).catch(() => {});
	}

	#insert(text) {
		if (this.#text.readOnly) return this.#complain(this.#form.querySelector("[data-locked]").textContent);
		const { selectionStart: start, selectionEnd: end, value } = this.#text;
		const gap = start && !/\s$/.test(value.slice(0, start)) ? " " : "";
		this.#text.setRangeText(gap + text, start, end, "end");
		this.#text.focus();
		this.#write();
	}

	#keep() {
		this.#draft.write({ text: this.#text.value, unsent: this.#unsent });
	}
}

/** `crypto.randomUUID` is missing where the page has no https. */
function uuid() {
	const digit = (place) => (place ^ (crypto.getRandomValues(new Uint8Array(1))[0] & (15 >> (place / 4)))).toString(16);
	return "10000000-1000-4000-8000-100000000000".replace(/[018]/g, digit);
}
