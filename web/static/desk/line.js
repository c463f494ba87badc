/** The server beats every 15 seconds. */
const SILENCE = 45_000;
const PAUSE = 3000;

/**
 * Server-sent events that come back: after the browser has given up, after a silence, and when the network is back. Each
 * time the address says from where to go on, so nothing is missed and nothing comes twice.
 */
export class Line {
	#address;
	#heard;
	#changed;
	#source;
	#silence;
	#pause;

	/** `heard`: a function for each event; `changed(isWhole)`: the line broke, or is whole again. */
	constructor(address, heard, changed) {
		this.#address = address;
		this.#heard = heard;
		this.#changed = changed;
		addEventListener("online", () => this.open());
		addEventListener("offline", () => this.#broke());
		addEventListener("pagehide", () => this.close());
		addEventListener("pageshow", ({ persisted }) => persisted && this.open());
	}

	open() {
		this.close();
		const source = new EventSource(this.#address());
		for (const [name, hear] of Object.entries(this.#heard)) {
			source.addEventListener(name, ({ data }) => {
				this.#watch();
				hear(JSON.parse(data));
			});
		}
		source.onopen = () => {
			this.#watch();
			this.#changed(true);
		};
		source.onerror = () => {
			this.#changed(false);
			if (source.readyState === EventSource.CLOSED) this.#broke();
		};
		this.#source = source;
		this.#watch();
	}

	close() {
		clearTimeout(this.#silence);
		clearTimeout(this.#pause);
		this.#source?.close();
	}

	#watch() {
		clearTimeout(this.#silence);
		this.#silence = setTimeout(() => this.#broke(), SILENCE);
	}

	#broke() {
		this.close();
		this.#changed(false);
		this.#pause = setTimeout(() => this.open(), PAUSE);
	}
}
