/**
 * <wohnlotse-chat>; docs/embedding.md tells how it is used. A Conversation changes, the element renders it. One node is live:
 * it says each message once, and all else.
 */

const NARROW = matchMedia("(max-width: 30rem), (max-height: 30rem)");
const REPLY_WITHIN = 20_000;
const NOBODY = /^handoff_(nobody|hours|late)$/;

export class WohnlotseChat extends HTMLElement {
	static observedAttributes = ["open", "register"];

	#memory = new Memory();
	#alarm = new Alarm();
	#frame = el("div");
	#live = el("div", { class: "unseen", role: "status", "aria-atomic": "false" });
	#narrate = voice(this.#live, 150);
	#announce = voice(this.#live, 400, true);
	#register;
	#server;
	#talk;
	#widget;
	#bubbles = new Map();
	#edges;
	#loading = false;
	#due = false;
	#t;
	#state = { menu: false, note: "", error: "", unread: 0 };

	constructor() {
		super();
		const style = new CSSStyleSheet();
		style.replaceSync(STYLE);
		this.attachShadow({ mode: "open" }).adoptedStyleSheets = [style];
		this.shadowRoot.append(this.#frame, this.#live);
	}

	connectedCallback() {
		const chosen = this.#memory.register ?? this.getAttribute("register");
		this.#register ??= chosen in TEXTS ? chosen : "standard";
		this.#server ??= new Server(this.getAttribute("base") ?? import.meta.url, () => this.#t.lang);
		this.#talk ??= new Conversation(this.#server, this.#memory, this.#alarm, {
			changed: () => this.#soon(),
			message: (message) => {
				this.#say(message);
				if (!this.#opened) this.#state.unread++;
			},
			worry: (trouble) => {
				this.#announce(trouble ? (this.#t[trouble] ?? trouble) : this.#t.back);
				if (!trouble && !this.#widget?.enabled) this.#load(); // switched on again
			},
			found: () => this.#found(),
			refused: (text, reason) => this.#takeBack(text, reason),
			off: () => this.#load(),
			slow: (what) => this.#announce(fill(this.#t[what], this.#t.bot)),
			renewed: () => this.#t.renewed,
			handed: (before) => this.#handed(before),
		});
		this.#build();
		for (const [target, name, listener] of this.#listeners) target.addEventListener(name, listener);
		if (this.#memory.open && !NARROW.matches) this.toggleAttribute("open", true);
		if (this.#widget) this.#talk.start();
		else if (this.#opened || this.#talk.used) this.#load();
	}

	disconnectedCallback() {
		for (const [target, name, listener] of this.#listeners) target.removeEventListener(name, listener);
		this.#talk.stop();
	}

	attributeChangedCallback(name, before, now) {
		if (!this.#talk || before === now) return;
		if (name === "register") return now in TEXTS && this.#speak(now);
		this.#state.unread = 0;
		if (this.#talk.used) this.#memory.keep({ open: this.#opened });
		if (this.#opened && !this.#widget) this.#load();
		this.#render();
		this.#toEnd();
	}

	open() {
		this.toggleAttribute("open", true);
		this.#focus("title");
		if (this.#talk.used) this.#focus("input"); // which may be hidden
	}

	close() {
		const inside = this.shadowRoot.activeElement;
		this.#set({ menu: false, confirm: false });
		this.toggleAttribute("open", false);
		if (inside) this.#focus("launcher");
	}

	get #draft() {
		return this.#memory.draft ?? "";
	}

	get #opened() {
		return this.hasAttribute("open");
	}

	#listeners = [
		[window, "online", () => this.#alarm.ring()],
		[window, "pagehide", () => this.#talk.stop()],
		[window, "pageshow", ({ persisted }) => persisted && this.#widget && this.#talk.start()],
		[document, "keydown", (event) => event.key === "Escape" && !event.defaultPrevented && !event.isComposing && this.#opened && this.#escape(event)],
		// What has the focus must not be hidden behind the panel.
		[document, "focusin", ({ target }) => target !== this && this.#opened && NARROW.matches && this.close()],
	];

	async #load() {
		if (this.#loading) return;
		this.#loading = true;
		let widget, register;
		for (let tries = 0; !widget || register !== this.#register; ) {
			register = this.#register;
			widget = await this.#server.json("GET", `/widget?register=${register}`).catch(() => null);
			if (widget) continue;
			if (!this.#state.down) this.#announce(this.#t.down);
			this.#state.down = true;
			this.#build();
			await this.#alarm.wait(backoff(tries++));
		}
		const first = !this.#widget && !this.#talk.used;
		this.#widget = { ...widget, register };
		this.#state.down = this.#loading = false;
		this.#build();
		if (this.isConnected) this.#talk.start();
		if (first) this.#say({ author: "bot", text: widget.greeting, lang: this.#t.lang });
	}

	#say({ author, speaker, text, lang, zone, buttons }) {
		const choices = zone === "clarify" ? buttons : [];
		this.#narrate([`${speaker || this.#t[author]}: ${text}`, ...choices.map(({ title }) => title)].join(" "), lang);
	}

	#kind({ state, staff }) {
		if (state === "requested") return this.#t.waiting;
		return state === "staff" ? fill(this.#t.with, staff) : this.#t.kind;
	}

	#handed(before) {
		const now = this.#talk.handoff;
		// Of any other change a message tells.
		if (now.place && now.place !== before.place) this.#announce(fill(this.#t.place, now.place));
		if (now.typing && !before.typing) this.#announce(fill(this.#t.typing, now.staff));
	}

	async #hand(action) {
		this.#set({ menu: false, note: "" });
		this.#focus("input");
		try {
			await this.#talk.hand(action, this.#register);
			this.#memory.keep({ open: true });
			this.#toEnd();
			if (action === "ask" && !this.#talk.handed) this.#word();
		} catch ({ message }) {
			this.#tell(message);
		}
	}

	/** Shows the form for a message to the staff, or its receipt; null: closes it. */
	#word(word = this.#memory.word ?? {}) {
		this.#memory.keep({ word });
		this.#node("leaving").replaceChildren(...this.#leaving());
		this.#set({ menu: false, note: "" });
		this.#toEnd();
		this.#focus(word ? "wordTitle" : "input");
	}

	async #leave(event) {
		const { word } = this.#memory;
		const body = { id: (word.id ??= uuid()), ...word, consent: Boolean(word.consent), register: this.#register };
		event.preventDefault();
		try {
			const { text } = await this.#server.json("POST", "/inquiries", this.#talk.key, body);
			this.#word({ receipt: text });
			this.#announce(text);
		} catch ({ message, fields = {} }) {
			this.#tell(message);
			for (const [id] of FIELDS) {
				this.#node(`${id}Error`).textContent = fields[id];
				this.#node(id).ariaInvalid = id in fields ? "true" : null;
			}
			const [first] = FIELDS.find(([id]) => id in fields) ?? [];
			this.#focus(first);
			this.#node(first)?.labels[0].scrollIntoView();
		}
	}

	#submit(event) {
		event.preventDefault();
		const text = this.#draft.trim();
		const surplus = [...text].length - this.#widget.limits.characters;
		if (this.#talk.finding) return this.#focus("foundTitle");
		if (!text && Date.now() < this.#state.sent + 2000) return this.#focus("input"); // pressed twice
		if (!text || surplus > 0) return this.#tell(text ? fill(this.#t.surplus, surplus) : this.#t.empty, "error"), this.#focus("input");
		this.#write("");
		this.#send(text);
	}

	#send(text) {
		this.#set({ menu: false, note: "", error: "", sent: Date.now() });
		this.#talk.send(text, this.#register);
		this.#memory.keep({ open: true });
		this.#toEnd();
		this.#focus("input");
	}

	#tell(text, place = "note") {
		this.#announce(text || this.#t.failed);
		this.#set({ [place]: text || this.#t.failed });
	}

	#takeBack(text, reason) {
		this.#write([text, this.#draft].filter(Boolean).join("\n"));
		if (reason !== undefined) this.#tell(reason, "error");
	}

	#found() {
		const typing = this.shadowRoot.activeElement?.id === "input" && !this.#draft;
		this.#announce(this.#t.found);
		this.#render();
		if (typing) this.#focus("foundTitle");
	}

	#write(text) {
		this.#memory.keep({ draft: (this.#node("input").value = text) });
	}

	#speak(register) {
		this.#register = register;
		this.#memory.keep({ register });
		this.#build();
		if (this.#widget) this.#load();
	}

	#escape(event) {
		const { menu, confirm } = this.#state;
		event.preventDefault();
		if (!menu && !confirm) return this.close();
		this.#set({ menu: false, confirm: false });
		this.#focus("more");
	}

	async #rate(message, feedback) {
		try {
			await this.#talk.rate(message, feedback);
			this.#announce(this.#t.thanks);
		} catch ({ message: reason }) {
			this.#tell(reason);
		}
	}

	async #copy() {
		try {
			const blob = this.#talk.transcript("text", this.#register);
			await navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
			this.#tell(this.#t.copied);
		} catch {
			this.#tell();
		}
	}

	async #print() {
		const page = window.open("", "_blank");
		try {
			const blob = await this.#talk.transcript("html", this.#register);
			page.location.replace(URL.createObjectURL(blob));
			// Its load event would not be heard.
			const print = () => page.closed || (page.document.title ? page.print() : setTimeout(print, 100));
			print();
		} catch {
			page?.close();
			this.#tell();
		}
	}

	async #delete() {
		try {
			await this.#talk.delete(this.#register);
			this.#write("");
			this.#memory.clear();
			this.#set({ menu: false, confirm: false, note: "", error: "" });
			this.#focus("input");
		} catch ({ message }) {
			this.#tell(message);
		}
	}

	#build() {
		const widget = this.#widget;
		const t = (this.#t = { ...TEXTS[widget?.register ?? this.#register], ...widget?.texts });
		const focused = this.shadowRoot.activeElement?.id;
		const top = this.#node("log") && !this.#atEnd() && this.#scroller.scrollTop;
		const button = (id, onclick, content = t[id], more) => el("button", { id, onclick, ...more }, content);
		const sign = (id, onclick) => button(id, onclick, icon(id), { class: "plain", title: t[id], "aria-label": t[id] });
		this.#live.lang = this.#frame.lang = t.lang;
		this.#bubbles.clear();
		this.#edges = undefined;
		this.#frame.replaceChildren(
			el("button", { id: "launcher", onclick: () => this.open() }, icon("chat"), t.open),
			el("section", { id: "panel", role: "dialog", "aria-labelledby": "title kind", onscroll: () => this.#scrolled() },
				el("div", { class: "top" },
					el("span", { class: "brand" }, icon("house")),
					el("div", {}, el("h2", { id: "title", tabindex: -1 }, widget?.title ?? "Wohnlotse"), el("p", { id: "kind" })),
					sign("more", () => this.#set({ menu: !this.#state.menu, confirm: false })),
					sign("close", () => this.close()),
				),
				el("div", { class: "registers", role: "group", "aria-label": t.register },
					...Object.entries(TEXTS).map(([register, { name, lang }]) =>
						button(register, () => this.#speak(register), name, { lang, "aria-pressed": register === this.#register }),
					),
				),
				el("div", { id: "menu" },
					el("div", { class: "list" }, button("person", () => this.#hand("ask")), button("write", () => this.#word(), widget?.word.title)),
					el("div", { id: "own", class: "list" }, button("copy", () => this.#copy()), button("print", () => this.#print()), button("delete", () => this.#ask(true))),
					widget && el("p", { class: "links" }, ...["privacy", "accessibility", "faq"].map((page) => this.#page(page))),
				),
				box("confirm", `${t.delete}?`, el("p", {}, t.confirmText), button("sure", () => this.#delete()), button("cancel", () => this.#ask(false))),
				el("div", { id: "log", role: "log", "aria-live": "off", "aria-label": t.log, tabindex: 0, onscroll: () => this.#scrolled() }),
				button("newer", () => (this.#focus("log"), this.#toEnd(), this.#render())),
				el("div", { id: "queue", class: "box" }, el("p", { id: "place" }), button("stop", () => this.#hand("cancel"))),
				el("div", { id: "leaving" }, ...this.#leaving()),
				box("found", t.found,
					el("p", {}, t.foundText),
					el("blockquote", { id: "quote" }),
					button("without", () => this.#decide(() => this.#talk.redact())),
					button("change", () => this.#decide(() => this.#takeBack(this.#talk.withdraw()))),
				),
				el("p", { id: "note" }),
				el("form", { id: "form", onsubmit: (event) => this.#submit(event) },
					el("label", { id: "label", for: "input" }),
					el("textarea", { id: "input", enterkeyhint: "send", "aria-describedby": "error count hint",
						oninput: ({ target }) => this.#typed(target.value), onkeydown: (event) => this.#pressed(event) }),
					el("button", { id: "send" }, t.send),
					el("p", { id: "error", class: "error" }),
					el("p", { id: "count" }),
					el("p", { id: "hint" }, t.hint),
				),
			),
		);
		this.#node("input").value = this.#draft;
		this.#render();
		if (top) this.#scroller.scrollTop = top;
		else this.#toEnd();
		if (focused) this.#focus(focused);
	}

	#leaving() {
		const { word } = this.#memory;
		if (!word || !this.#widget) return [];
		const t = this.#t;
		const w = this.#widget.word;
		if (word.receipt)
			return [box("word", w.received_title, el("p", {}, word.receipt), el("button", { onclick: () => this.#word(null) }, t.onward))];
		const keep = ({ currentTarget }) => this.#memory.keep({ word: Object.fromEntries(new FormData(currentTarget)) });
		const fields = FIELDS.flatMap(([id, type, autocomplete]) => {
			const node = el(type ? "input" : "textarea", { id, name: id, type, autocomplete, "aria-describedby": `${id}Error` });
			const parts = [el("label", { for: id }, w[id]), node];
			if (type === "checkbox") node.checked = word[id];
			else node.value = word[id] ?? "";
			return [...(type === "checkbox" ? parts.reverse() : parts), el("p", { id: `${id}Error`, class: "error" })];
		});
		return [
			el("form", { class: "box", novalidate: "", "aria-labelledby": "wordTitle", oninput: keep, onsubmit: (event) => this.#leave(event) },
				heading("word", w.title),
				el("p", {}, w.intro),
				el("p", {}, w.contact_hint),
				...fields,
				el("p", { class: "links" }, this.#page("privacy"), this.#page("word", t.wordPage)),
				el("button", { id: "leave" }, w.send),
				el("button", { type: "button", onclick: () => this.#word(null) }, t.cancel),
			),
		];
	}

	#soon() {
		if (!this.#due) queueMicrotask(() => this.#render());
		this.#due = true;
	}

	#render() {
		this.#due = false;
		const t = this.#t;
		const { menu, confirm, error, unread } = this.#state;
		const talk = this.#talk;
		const open = this.#opened;
		const { handoff } = talk;
		const { word } = this.#memory;
		const queue = handoff.state === "requested" || "";
		const enabled = this.#widget?.enabled || talk.handed;
		const note = talk.trouble ? (t[talk.trouble] ?? talk.trouble) : this.#state.note;
		const count = error ? "" : this.#count();
		const launcher = this.#node("launcher");
		this.#node("quote").replaceChildren(...(talk.finding ? marked(talk.finding) : []));
		const follow = open && (this.#atEnd() || !this.#bubbles.size);
		const fresh = open && this.#renderLog();
		if (fresh && !follow) this.#state.newer = true;
		const texts = { note, error, count, kind: this.#kind(handoff), place: queue && fill(t.place, handoff.place), label: talk.handed ? t.message : t.input };
		for (const [id, text] of Object.entries(texts)) this.#node(id).textContent = text;
		const shown = {
			launcher: !open, panel: open, menu, confirm, note, error, count, newer: this.#state.newer, found: talk.finding, leaving: word,
			own: talk.key, person: enabled && !talk.handed, write: this.#widget, queue, form: enabled && !word,
		};
		for (const [id, seen] of Object.entries(shown)) this.#node(id).hidden = !seen;
		if (follow) this.#toEnd(fresh); // for the boxes
		launcher.ariaLabel = `${t.open}: ${t.launcher}${unread ? `, ${fill(t.unread, unread)}` : ""}`;
		launcher.ariaExpanded = open;
		launcher.dataset.unread = unread || "";
		this.#node("more").ariaExpanded = menu;
		this.#node("input").ariaInvalid = error ? "true" : null;
	}

	#renderLog() {
		const log = this.#node("log");
		const t = this.#t;
		const entries = this.#talk.entries();
		const { handoff, handed } = this.#talk;
		const idle = this.#widget?.enabled && !handed;
		const asked = entries.findLastIndex(({ author }) => author === "citizen");
		const titles = new Map(this.#widget?.starters.map(({ payload, title }) => [payload, title]));
		let fresh;
		const nodes = entries.map((entry, index) => {
			let view = this.#bubbles.get(entry.key);
			if (!view) {
				view = bubble(entry, t, this.#widget?.reasons ?? [], (text) => this.#send(text), (...rating) => this.#rate(...rating));
				this.#bubbles.set(entry.key, view);
				if (entry.fresh) fresh ??= view.node;
			}
			const chosen = entries.find(({ author }, other) => other > index && author === "citizen")?.text;
			view.update(entry, { live: index > asked && idle, chosen, title: titles.get(entry.text) });
			for (const { payload, title } of entry.buttons ?? []) titles.set(payload, title);
			return view.node;
		});
		const { above, starters, help, typing } = (this.#edges ??= this.#around());
		const writer = handoff.typing ? handoff.staff : this.#talk.waiting && t.bot;
		const stuck = handoff.offered || NOBODY.test(entries.at(-1)?.topic);
		typing.firstChild.data = writer && fill(t.typing, writer);
		help.firstChild.hidden = !handoff.available;
		arrange(log, [...above, ...nodes, idle && (stuck ? help : asked < 0 && starters), writer && typing].filter(Boolean));
		return fresh;
	}

	#around() {
		const t = this.#t;
		const { enabled, notice, greeting, switched_off, contact, starters = [], word: wording } = this.#widget ?? {};
		let above = [];
		if (this.#state.down) above = [el("p", {}, t.down), el("slot"), el("button", { id: "again", onclick: () => this.#alarm.ring() }, t.again)];
		const word = () => el("button", { onclick: () => this.#word() }, wording?.title);
		if (enabled === false) above = [el("h3", {}, t.off), el("p", {}, switched_off), el("address", {}, ...contact.map((line) => el("span", {}, ...linked(line, t)))), word()];
		if (enabled) above = [el("h3", {}, t.notice), ...notice.map((each) => el("p", {}, each)), el("p", {}, this.#page("privacy"))];
		const buttons = starters.map(({ title, payload }) => el("button", { onclick: () => this.#send(payload) }, title));
		return {
			above: [el("section", { class: "notice" }, ...above), enabled && bubble({ author: "bot", text: greeting, lang: t.lang }, t).node],
			starters: choices(t, buttons),
			help: choices(t, [el("button", { onclick: () => this.#hand("ask") }, t.person), word()]),
			typing: el("p", { class: "typing", "aria-hidden": "true" }, " ", el("i"), el("i"), el("i")),
		};
	}

	#count() {
		const limit = this.#widget?.limits.characters;
		const left = limit - [...this.#draft.trim()].length;
		if (!(left <= limit / 5)) return "";
		return left < 0 ? fill(this.#t.surplus, -left) : fill(this.#t.left, left);
	}

	#page(page, label = this.#t[page]) {
		return el("a", { href: new URL(this.#widget[`${page}_url`], this.#server.base).href }, label);
	}

	#node(id) {
		return this.shadowRoot.getElementById(id);
	}

	#focus(id) {
		this.#node(id)?.focus();
	}

	#set(change) {
		Object.assign(this.#state, change);
		this.#render();
	}

	#ask(confirm) {
		this.#set({ confirm, menu: !confirm });
		this.#focus(confirm ? "confirmTitle" : "delete");
	}

	#decide(decision) {
		decision();
		this.#render();
		this.#focus("input");
	}

	#typed(text) {
		this.#memory.keep({ draft: text });
		this.#set({ error: "" });
		this.#talk.type();
		const count = this.#count();
		if (count) this.#announce(count, undefined, 1000);
	}

	#pressed(event) {
		const { key } = event;
		if (key === "Enter" && !event.shiftKey && !event.isComposing && event.keyCode !== 229) return this.#submit(event);
		if (this.#draft) return;
		const scroller = this.#scroller;
		const page = scroller.clientHeight * 0.8;
		const goals = { PageUp: scroller.scrollTop - page, PageDown: scroller.scrollTop + page, Home: 0, End: scroller.scrollHeight };
		if (!(key in goals)) return;
		event.preventDefault();
		scroller.scrollTop = goals[key];
	}

	get #scroller() {
		return this.#node(NARROW.matches ? "panel" : "log");
	}

	#atEnd() {
		const { scrollHeight, scrollTop, clientHeight } = this.#scroller;
		return scrollHeight - scrollTop - clientHeight < 60;
	}

	#scrolled() {
		if (this.#state.newer && this.#atEnd()) this.#set({ newer: false });
	}

	/** Scrolls to the end, but not past the first line of `node`. */
	#toEnd(node) {
		const scroller = this.#scroller;
		const end = scroller.scrollHeight - scroller.clientHeight;
		if (this.#talk.used) scroller.scrollTop = node && end - node.offsetTop > 24 ? node.offsetTop - 8 : end;
		this.#state.newer = false;
	}
}

class Conversation {
	past = [];
	messages = new Map(); // by sequence number
	deadlines = new Map(); // until when a question waits for its answer
	trouble = null; // "lost", or the server's sentence
	sending = false;
	handoff = {};
	typed = 0;

	constructor(server, memory, alarm, on) {
		const { key, seen = 0, queue = [] } = memory;
		Object.assign(this, { server, memory, alarm, on, key, queue, replayed: seen });
	}

	get waiting() {
		return [...this.deadlines.values()].some((deadline) => deadline > Date.now());
	}

	/** Whether a person is asked for or there: the bot does not answer. */
	get handed() {
		return ["requested", "staff"].includes(this.handoff.state);
	}

	get used() {
		return this.key || this.entries().length;
	}

	get finding() {
		return this.queue[0]?.findings && this.queue[0];
	}

	entries() {
		const messages = [...this.messages.values()].sort((one, other) => one.seq - other.seq);
		const state = this.trouble || this.finding ? "unsent" : "sending";
		const unsent = this.queue.map(({ id, text }) => ({ key: id, author: "citizen", text, lang: "und", unsent: state }));
		return [...this.past, ...messages, ...unsent];
	}

	start() {
		if (this.key) this.listen();
		if (this.queue.length) this.pump();
	}

	stop() {
		this.hangUp?.();
		this.hangUp = null;
	}

	send(text, register) {
		this.queue.push({ id: uuid(), text, register });
		this.pump();
		setTimeout(() => this.queue.length && !this.trouble && !this.finding && this.on.slow("sending"), 1500);
	}

	redact() {
		const { id, text, register } = this.queue[0];
		this.queue[0] = { id, text, register, redact: true };
		this.pump();
	}

	withdraw() {
		const { text } = this.queue.shift();
		this.pump();
		return text;
	}

	async hand(action, register) {
		await this.open();
		this.handedOver(await this.server.json("POST", "/handoff", this.key, { action, register }));
		this.listen();
	}

	handedOver(handoff) {
		const before = this.handoff;
		this.handoff = handoff;
		if (this.handed) this.deadlines.clear();
		this.on.handed(before);
		this.keep();
	}

	type() {
		if (this.handoff.state !== "staff" || Date.now() < this.typed + 3000) return;
		this.typed = Date.now();
		this.server.call("POST", "/typing", this.key, {}).catch(() => {});
	}

	/** One key, whoever needs it first. */
	async open() {
		if (this.key) return;
		this.opening ??= this.server.json("POST", "/conversations").finally(() => (this.opening = null));
		this.key ??= (await this.opening).key;
	}

	async rate(message, feedback) {
		await this.server.call("PUT", `/messages/${message.seq}/feedback`, this.key, feedback);
		message.feedback = feedback;
		this.on.changed();
	}

	async transcript(format, register) {
		return (await this.server.call("GET", `/transcript?format=${format}&register=${register}`, this.key)).blob();
	}

	async delete(register) {
		this.stop(); // the stream would tell as well
		try {
			const { text } = await this.server.json("DELETE", `/conversation?register=${register}`, this.key);
			this.queue = [];
			this.renew([], text);
		} finally {
			this.start();
		}
	}

	async pump() {
		this.keep();
		if (this.sending) return;
		this.sending = true;
		for (let tries = 0; this.queue.length && !this.finding; ) {
			const item = this.queue[0];
			try {
				await this.open();
				const { id, text, register, redact = false } = item;
				const message = await this.server.json("POST", "/messages", this.key, { id, text, register, redact });
				tries = 0;
				this.worry(null);
				if (!this.queue.includes(item)) continue; // deleted
				this.take(message);
				this.listen();
			} catch (failure) {
				await this.alarm.wait(this.cope(item, failure, tries++));
			}
		}
		this.sending = false;
	}

	/** Seconds until the next try. */
	cope(item, failure, tries) {
		const { status = 0, code, message, retryAfter } = failure;
		const wait = retryAfter || backoff(tries);
		if (code === "personal_data") {
			item.findings = failure.findings;
			this.on.found();
		} else if (code === "switched_off") {
			this.worry(message);
			this.on.off();
			return wait;
		} else if (status === 401 || status === 410) {
			this.over(status === 410);
			return tries ? wait : 0;
		} else if (status === 0 || status === 429 || status >= 500) {
			this.worry((status && message) || "lost");
			return wait;
		} else {
			this.queue = this.queue.filter((other) => other !== item);
			this.on.refused(item.text, message);
			this.keep();
		}
		return 0;
	}

	listen() {
		this.hangUp ??= follow(this.server, this.key, this.alarm, {
			message: (message) => this.take(message),
			handoff: (handoff) => this.handedOver(handoff),
			over: (deleted) => this.over(deleted),
			worry: (trouble) => (trouble || !this.queue.length) && this.worry(trouble), // else sending will tell
		});
	}

	take(message) {
		const { seq, id, author, at, reply_to, last } = message;
		const mine = this.queue.some((item) => item.id === id);
		const fresh = seq > this.replayed;
		this.queue = this.queue.filter((item) => item.id !== id);
		if (!this.messages.has(seq)) {
			this.messages.set(seq, { ...message, key: id ?? uuid(), fresh });
			if (author === "staff") this.handoff = { ...this.handoff, typing: false };
			if (author === "citizen") this.await(seq, mine ? Date.now() : Math.min(Date.now(), Date.parse(at)));
			else if (fresh) this.on.message(message);
		}
		if (last) this.deadlines.delete(reply_to);
		this.keep();
	}

	await(seq, since) {
		const left = since + REPLY_WITHIN - Date.now();
		if (left <= 0 || this.handed || [...this.messages.values()].some(({ reply_to, last }) => reply_to === seq && last)) return;
		this.deadlines.set(seq, since + REPLY_WITHIN);
		setTimeout(() => this.deadlines.has(seq) && this.on.slow("typing"), 1500);
		setTimeout(() => this.deadlines.delete(seq) && this.on.changed(), left);
	}

	over(deleted) {
		const past = [...this.past, ...this.messages.values()].map((entry) => ({ ...entry, zone: "" }));
		this.renew(deleted ? [] : past, (this.replayed || this.messages.size) && this.on.renewed());
		this.pump();
	}

	renew(past, text) {
		const line = { key: uuid(), author: "system", text, lang: this.server.lang(), fresh: true };
		this.stop();
		this.messages.clear();
		this.deadlines.clear();
		Object.assign(this, { key: undefined, handoff: {}, replayed: 0, past: text ? [...past, line] : past });
		if (text) this.on.message(line);
		this.keep();
	}

	worry(trouble) {
		if (this.trouble === trouble) return;
		this.trouble = trouble;
		this.on.worry(trouble);
		this.on.changed();
	}

	keep() {
		const queue = this.queue.map(({ id, text, register, redact }) => ({ id, text, register, redact }));
		this.memory.keep({ key: this.key, seen: Math.max(this.replayed, ...this.messages.keys()), queue });
		this.on.changed();
	}
}

/** A stream; after two that brought not a byte, asking, with a stream tried once a minute. Returns what stops it. */
function follow(server, key, alarm, on) {
	let after = 0;
	let stopped = false;
	let controller;

	function take(message) {
		after = Math.max(after, message.seq);
		on.message(message);
	}

	async function poll() {
		const { messages, handoff } = await server.json("GET", `/events?after=${after}`, key);
		on.worry(null);
		if (stopped) return;
		messages.forEach(take);
		on.handoff(handoff);
	}

	async function stream() {
		let alive = false;
		let watchdog;
		controller = new AbortController();
		const watch = (silence) => {
			clearTimeout(watchdog);
			watchdog = setTimeout(() => controller.abort(), silence);
		};
		watch(6000); // the server speaks at once
		try {
			const headers = { Accept: "text/event-stream", "Last-Event-ID": after };
			const { body } = await server.call("GET", "/events", key, undefined, headers, controller.signal);
			const reader = body.pipeThrough(new TextDecoderStream()).getReader();
			for (let rest = ""; ; ) {
				const { done, value } = await reader.read();
				if (done || stopped) return alive;
				watch(40_000);
				on.worry(null);
				alive = true;
				const blocks = (rest + value).split("\n\n");
				rest = blocks.pop();
				for (const block of blocks) {
					const { event, data } = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/)));
					if (event === "deleted") on.over(true);
					if (event === "message") take(JSON.parse(data));
					if (event === "handoff") on.handoff(JSON.parse(data));
				}
			}
		} catch (failure) {
			if (failure.retryAfter === undefined || controller.signal.aborted) return alive;
			throw failure;
		} finally {
			clearTimeout(watchdog);
		}
	}

	async function run() {
		let blocked = 0;
		for (let tries = 0, polls = 1; !stopped; polls++) {
			let wait = 3;
			try {
				if (blocked < 2) {
					const alive = await stream();
					blocked = alive ? 0 : blocked + 1;
					wait = backoff(0);
				} else {
					await poll();
					if (tries > 2 || polls % 20 === 0) blocked = 1;
				}
				tries = 0;
			} catch ({ status, retryAfter }) {
				if (stopped) return;
				if (status === 401 || status === 410) return on.over(status === 410);
				if (!status) on.worry("lost");
				blocked++;
				wait = retryAfter || backoff(tries++);
			}
			await alarm.wait(wait);
		}
	}

	run();
	return () => {
		stopped = true;
		controller?.abort();
	};
}

class Server {
	constructor(base, lang) {
		this.base = new URL(base, location.href).origin;
		this.lang = lang;
	}

	/** Throws the server's error with `status` (0 where nothing came) and `retryAfter`. */
	async call(method, path, key, body, headers = {}, signal = AbortSignal.timeout(15_000)) {
		const type = body && { "Content-Type": "application/json" };
		headers = { "Accept-Language": this.lang(), ...(key && { Authorization: `Bearer ${key}` }), ...type, ...headers };
		const options = { method, headers, signal, body: JSON.stringify(body), credentials: "omit" };
		const response = await fetch(`${this.base}/api/v1${path}`, options).catch(() => null);
		if (response?.ok) return response;
		const { error } = (await response?.json().catch(() => null)) ?? {};
		throw Object.assign(new Error(), error, { status: response?.status ?? 0, retryAfter: Number(response?.headers.get("Retry-After")) });
	}

	async json(...call) {
		return (await this.call(...call)).json();
	}
}

class Memory {
	constructor() {
		attempt(() => Object.assign(this, JSON.parse(sessionStorage.wohnlotse ?? "{}")));
	}

	keep(part) {
		Object.assign(this, part);
		this.used ||= Boolean(this.key || this.queue?.length || this.word?.receipt); // not before something is sent
		if (this.used) attempt(() => (sessionStorage.wohnlotse = JSON.stringify(this)));
	}

	clear() {
		for (const name of Object.keys(this)) delete this[name];
		attempt(() => sessionStorage.removeItem("wohnlotse"));
	}
}

function attempt(act) {
	try {
		act();
	} catch {}
}

// Waiting ends early when the network is back.
class Alarm {
	#waiting = [];

	wait(seconds) {
		return new Promise((resolve) => setTimeout(resolve, seconds * 1000, this.#waiting.push(resolve)));
	}

	ring() {
		for (const resolve of this.#waiting.splice(0)) resolve();
	}
}

/** Says each text once. With `latest` a newer one replaces it. */
function voice(node, delay, latest) {
	let timer, before;
	return (text, lang, later = delay) => {
		const spoken = el("p", { lang }, text);
		if (latest) clearTimeout(timer);
		timer = setTimeout(() => {
			if (latest) before?.remove();
			node.append((before = spoken));
			setTimeout(() => spoken.remove(), 5000);
		}, later);
	};
}

/** One entry of the log. Its nodes are made once and then changed, so that no focus is lost. */
function bubble(entry, t, reasons, choose, rate) {
	const { author, speaker, buttons = [], source, zone } = entry;
	const text = el("p", { class: "text" });
	const delivery = el("p", { class: "delivery" });
	const rating = ["answer", "clarify", "decline"].includes(zone) ? ratingOf(t, reasons, rate) : null;
	const offers = buttons.map(({ title, payload }) => {
		const button = el("button", { onclick: () => button.ariaDisabled || choose(payload) }, title);
		return { button, payload };
	});
	const node = el("div", { class: `message ${author}`, "data-author": author },
		el("p", { class: "author" }, speaker || t[author], author === "bot" && el("span", {}, `, ${t.automatic}`)),
		el("div", { class: "bubble" }, text,
			source && el("p", { class: "source" }, `${t.source}: `, link(source.url, t, source.title), `, ${t.asOf}\xa0${day(source.stand, t.lang)}`)),
		delivery,
		rating?.node,
		buttons.length && choices(t, offers.map(({ button }) => button)),
	);
	let shown;
	const update = (now, { live, chosen, title }) => {
		const said = title ?? now.text;
		if (shown !== said) {
			shown = said;
			text.lang = title ? t.lang : now.lang === "und" ? "" : now.lang;
			text.replaceChildren(...(author === "citizen" ? [said] : linked(said, t)));
		}
		delivery.textContent = t[now.unsent];
		for (const { button, payload } of offers) {
			button.ariaDisabled = live ? null : "true";
			button.tabIndex = live ? 0 : -1;
			if (live || chosen !== payload || button.className) continue;
			button.className = "chosen";
			button.prepend(icon("check"), unseen(`${t.chosen}: `));
		}
		rating?.update(now);
	};
	update(entry, {});
	return { node, update };
}

function heading(id, text) {
	return el("h3", { id: `${id}Title`, tabindex: -1 }, text);
}

function box(id, title, ...children) {
	return el("div", { id, class: "box", role: "group", "aria-labelledby": `${id}Title` }, heading(id, title), ...children);
}

function choices(t, buttons) {
	return el("div", { class: "choices", role: "group", "aria-label": t.choices }, ...buttons);
}

function ratingOf(t, reasons, rate) {
	let message;
	const button = (label, said) => ({ said, node: el("button", { onclick: () => rate(message, said) }, label) });
	const whys = reasons.map(({ value, label }) => button(label, { helpful: false, reason: value }));
	const first = [button(t.yes, { helpful: true }), button(t.no, { helpful: false })];
	const group = (label, buttons, ...more) => el("div", { role: "group", "aria-label": label }, el("span", {}, label), ...buttons.map(({ node }) => node), ...more);
	const why = group(t.why, whys);
	const node = group(t.helpful, first, why);
	node.className = "rating";
	const update = (now) => {
		const { helpful, reason } = now.feedback ?? {};
		message = now;
		node.hidden = !now.zone;
		why.hidden = helpful !== false;
		for (const { said, node } of [...first, ...whys]) node.ariaPressed = said.helpful === helpful && (!said.reason || said.reason === reason);
	};
	return { node, update };
}

function el(tag, attributes = {}, ...children) {
	const node = document.createElement(tag);
	for (const [name, value] of Object.entries(attributes)) {
		if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
		else if (value !== undefined) node.setAttribute(name, value);
	}
	node.append(...children.filter(Boolean));
	return node;
}

function fill(text, value) {
	return text.replace("{}", () => value);
}

function unseen(text) {
	return el("span", { class: "unseen" }, text);
}

function icon(name) {
	const [svg, path] = ["svg", "path"].map((tag) => document.createElementNS("http://www.w3.org/2000/svg", tag));
	svg.setAttribute("viewBox", "0 0 24 24");
	svg.setAttribute("aria-hidden", "true");
	path.setAttribute("d", ICONS[name]);
	svg.append(path);
	return svg;
}

/** Makes `nodes` the children of `parent` without touching those that stay: they keep the focus. */
function arrange(parent, nodes) {
	for (const child of [...parent.children]) if (!nodes.includes(child)) child.remove();
	nodes.forEach((node, index) => parent.children[index] !== node && parent.insertBefore(node, parent.children[index] ?? null));
}

function linked(text, t) {
	const addresses = /(https:\/\/[^\s<>"“”„]*[^\s<>"“”„.,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)/;
	return text.split(addresses).map((part, index) => (index % 2 ? link(part, t) : part));
}

function link(address, t, title) {
	if (/^[^/]+@/.test(address)) return el("a", { href: `mailto:${address}` }, address);
	const { href, origin, pathname, hostname } = new URL(address, location.href);
	const label = title ? el("span", { lang: "de" }, title) : `${hostname}${pathname}`.replace(/^www\.|\/$/g, "");
	if (!/^https?:/.test(href)) return label;
	const notes = [/\.pdf$/i.test(pathname) && " (PDF)", ...(origin === location.origin ? [] : [icon("external"), unseen(` (${t.external})`)])];
	return el("a", { href, rel: "noopener" }, label, ...notes);
}

function marked({ text, findings }) {
	const points = [...text];
	const cut = (start, end) => points.slice(start, end).join("");
	const starts = [0, ...findings.map(({ end }) => end)];
	const nodes = findings.flatMap(({ label, start, end }, index) => [cut(starts[index], start), el("mark", {}, cut(start, end), el("small", {}, ` (${label})`))]);
	return [...nodes, cut(starts.at(-1))];
}

function day(stand, lang) {
	return lang === "en" ? stand : stand.split("-").reverse().join(".");
}

function backoff(tries) {
	return Math.min(2 ** tries, 15) * (0.75 + Math.random() / 2);
}

/** The address of a blob ends with one; `crypto.randomUUID` is missing where the page has no https. */
function uuid() {
	return URL.createObjectURL(new Blob()).slice(-36);
}

/** Words that are needed before the server has answered. */
const standard = {
	name: "Standard",
	lang: "de",
	open: "Chat öffnen",
	launcher: "Fragen zur Allianz für Wohnen",
	kind: "Automatischer Assistent, kein Mensch",
	register: "Sprache",
	more: "Menü",
	close: "Chat schließen",
	log: "Chatverlauf",
	down: "Der Chat ist gerade nicht erreichbar. Wir versuchen es weiter.",
	again: "Noch einmal versuchen",
};
const einfach = { ...standard, name: "Einfache Sprache" };
const en = {
	name: "English",
	lang: "en",
	open: "Open chat",
	launcher: "Questions about the Allianz für Wohnen",
	kind: "Automatic assistant, not a person",
	register: "Language",
	more: "Menu",
	close: "Close chat",
	log: "Conversation",
	down: "The chat is out of reach right now. We keep trying.",
	again: "Try again",
};
const TEXTS = { standard, einfach, en };

/** The fields of a message that is left: name, type, autocomplete. */
const FIELDS = [["concern"], ["name", "text", "name"], ["email", "email", "email"], ["phone", "tel", "tel"], ["consent", "checkbox"]];

const ICONS = {
	chat: "M4 4h16v12h-7l-5 4v-4H4z M8 8.5h8 M8 11.5h5",
	house: "M3.5 11.5 12 4l8.5 7.5 M6 10v10h12V10 M10 20v-6h4v6",
	more: "M4 7h16 M4 12h16 M4 17h16",
	close: "M6 6l12 12 M18 6 6 18",
	check: "M5 12.5l4.5 4.5L19 7",
	external: "M9 5H5v14h14v-4 M13 5h6v6 M19 5l-8 8",
};

const DARK = `{
	--wohnlotse-accent: #8cc5ef; --wohnlotse-on-accent: #06202f; --wohnlotse-surface: #141b22; --wohnlotse-raised: #1c252e; --wohnlotse-text: #e9eff4;
	--wohnlotse-muted: #b0bdc9; --wohnlotse-line: #8796a4; --wohnlotse-hairline: #34424f; --wohnlotse-citizen: #1d3a50; --wohnlotse-error: #ffb3aa;
	color-scheme: dark }`;

const STYLE = `
:host {
	--wohnlotse-accent: #0b4f7d; --wohnlotse-on-accent: #fff; --wohnlotse-surface: #fff; --wohnlotse-raised: #f3f6f9; --wohnlotse-text: #16212b;
	--wohnlotse-muted: #4a5864; --wohnlotse-line: #6b7a88; --wohnlotse-hairline: #d5dde4; --wohnlotse-citizen: #e2eef7; --wohnlotse-error: #a11a16;
	--wohnlotse-radius: 10px; --wohnlotse-edge: 1.25rem; --wohnlotse-font: system-ui, sans-serif;
	color-scheme: light; font: 1rem/1.5 var(--wohnlotse-font);
}
@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) ${DARK} }
:host([theme="dark"]) ${DARK}
* { box-sizing: border-box }
[hidden] { display: none !important }
p, h2, h3, blockquote { margin: 0 }
h2, h3 { font-size: 1.1em; line-height: 1.3 }
svg { width: 1.25em; height: 1.25em; flex: none; fill: none; stroke: currentColor; stroke-width: 1.7; stroke-linecap: round }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }
button, textarea, input, .notice, .brand, .bubble { border: 1px solid var(--wohnlotse-line); border-radius: var(--wohnlotse-radius) }
button, textarea, input { background: var(--wohnlotse-surface); color: inherit; font: inherit; letter-spacing: inherit; word-spacing: inherit }
button { display: inline-flex; align-items: center; justify-content: center; gap: .5em; min-width: 44px; min-height: 44px; padding: .4em .9em; text-align: start; cursor: pointer }
button:hover { box-shadow: inset 0 0 0 1px }
:focus-visible, #launcher:focus-visible { outline: 3px solid var(--wohnlotse-text); outline-offset: 2px; box-shadow: 0 0 0 2px var(--wohnlotse-surface) }
#log:focus-visible { outline-offset: -3px }
a, button { color: var(--wohnlotse-accent) }
a, .text, blockquote { overflow-wrap: anywhere }
a svg { width: .8em; height: .8em; margin-inline-start: .25em }
#sure, #send, #leave, blockquote + button, #launcher, .brand { background: var(--wohnlotse-accent); border-color: var(--wohnlotse-accent); color: var(--wohnlotse-on-accent) }
#sure, #send, #leave, blockquote + button, #launcher, .author, label, .error, [aria-pressed="true"] { font-weight: 600 }
.plain, .registers button { border-color: transparent; background: none; padding: 0; color: inherit }

#launcher, #panel { position: fixed; inset: auto var(--wohnlotse-edge) var(--wohnlotse-edge) auto; z-index: 1000; box-shadow: 0 6px 28px #0005 }
#launcher { min-height: 52px; padding-inline: 1.2em; border: 2px solid var(--wohnlotse-surface); border-radius: 2em }
#launcher:not([data-unread=""])::after { content: attr(data-unread); padding: 0 .55em; border: 1px solid; border-radius: 1em }
#panel {
	display: flex; flex-direction: column; width: 28rem; height: min(50rem, 100% - 2 * var(--wohnlotse-edge)); overflow: auto;
	border: 1px solid var(--wohnlotse-line); border-radius: 14px; background: var(--wohnlotse-surface); color: var(--wohnlotse-text);
}
.top, .brand, #menu, .list, .notice, address, .message, #form { display: grid; gap: .5rem }
.top { grid-template-columns: auto 1fr auto auto; gap: .2rem; align-items: center; padding: .7rem .4rem .4rem 1rem }
.brand { margin-inline-end: .4rem; padding: .5rem }
.registers, .links, .box, .choices, .rating, .rating div { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem }
.registers { gap: 0 1.1rem; padding: 0 1rem; border-bottom: 1px solid var(--wohnlotse-hairline) }
.registers button { border-width: 0 0 3px; border-radius: 0 }
.registers button, .notice { font-size: .9375rem }
.registers [aria-pressed="true"] { border-color: var(--wohnlotse-accent) }
#menu, .box, #note { padding: .75rem 1rem; border-block: 1px solid var(--wohnlotse-hairline) }
#menu, .box, #note, .notice { background: var(--wohnlotse-raised) }
.list button { justify-content: start }
.links { gap: 0 1.2rem }
.links a, .notice a { padding-block: .3em }
.box { flex: none; max-height: 60%; overflow: auto }
#leaving { display: contents }
#leaving > .box { flex-shrink: 1; max-height: none; gap: .3rem .5rem }
#leaving label { margin-top: .5rem }
input { min-height: 44px; padding: .5rem .7rem }
.box > #consent { flex: none; width: 1.5rem; min-height: 1.5rem; accent-color: var(--wohnlotse-accent) }
.box > #consent + label { flex: 1; font-weight: 400 }
.box > :not(button), .rating div, .rating div span { flex: 100% }
blockquote { padding: .5rem .75rem; background: var(--wohnlotse-surface) }
mark { background: none; color: inherit; border-bottom: 3px solid var(--wohnlotse-error) }
#log { position: relative; flex: 1; min-height: 4rem; overflow-y: auto; overscroll-behavior: contain; padding: 1rem; display: flex; flex-direction: column; gap: 1rem }
#log > * { flex: none }
.notice { justify-items: start; padding: .9rem 1rem }
.notice, .bubble, .rating button { border-color: var(--wohnlotse-hairline) }
address { gap: 0; font-style: normal }
.message { justify-items: start; max-width: 94% }
.citizen { align-self: end; justify-items: end }
.author, .delivery, .source, .rating, .typing, #kind, #count, #hint { color: var(--wohnlotse-muted); font-size: .875rem; line-height: 1.4 }
.author span { font-weight: 400 }
.bubble { padding: .6rem .9rem; border-start-start-radius: 2px }
.citizen .bubble { border-color: transparent; background: var(--wohnlotse-citizen) }
.system .bubble { border: 1px dashed var(--wohnlotse-line) }
.staff .bubble, .choices button, .rating [aria-pressed="true"] { border-color: var(--wohnlotse-accent) }
.staff .bubble, .rating [aria-pressed="true"] { border-width: 2px }
.text, blockquote { white-space: pre-wrap }
.source { margin-top: .5rem; padding-top: .4rem; border-top: 1px solid var(--wohnlotse-hairline) }
.choices [aria-disabled] { border-color: var(--wohnlotse-hairline); color: var(--wohnlotse-muted); box-shadow: none; cursor: default }
.rating button { min-height: 32px; padding: .1em .7em }
.typing i { display: inline-block; margin-inline-start: .3em; border: .18em solid; border-radius: 50%; animation: dot 1.2s 4 }
@keyframes dot { 30% { opacity: .2 } }
#newer { position: sticky; bottom: .5rem; margin: .3rem auto; border-radius: 2em }
#form { grid-template-columns: 1fr auto; align-items: end; gap: .3rem .5rem; padding: .6rem 1rem .8rem; border-top: 1px solid var(--wohnlotse-hairline) }
#form :is(p, label) { grid-column: 1 / -1 }
textarea { min-height: 44px; max-height: 9em; field-sizing: content; resize: none; padding: .5rem .7rem }
#concern { min-height: 6em }
[aria-invalid] { border: 2px solid var(--wohnlotse-error) }
.error { color: var(--wohnlotse-error) }
p:empty { display: none }

@media ${NARROW.media} {
	#panel { inset: 0; display: block; width: auto; height: auto; overflow-y: auto; border: 0; border-radius: 0 }
	#log { position: static; overflow: visible }
	.box { max-height: none }
}
@media (forced-colors: active) { .bubble { border: 1px solid } .registers button { border-color: Canvas } button[aria-pressed="true"] { forced-color-adjust: none; background: Highlight; color: HighlightText } }
@media (prefers-reduced-motion: reduce) { .typing i { animation: none } }
@media print { :host { display: none } }
`;

customElements.define("wohnlotse-chat", WohnlotseChat);
