/** Milliseconds after which a form may be sent again: its answer is a file, or was lost. */
const AGAIN = 5000;

/** A form that is on its way is not sent by a second click: what it makes would be there twice, or its answer be lost. */
export function sendOnce() {
	const sent = new WeakMap();
	addEventListener("submit", (event) => {
		const form = event.target;
		if (event.defaultPrevented || form.method !== "post") return;
		if (Date.now() < (sent.get(form) ?? 0) + AGAIN) return event.preventDefault();
		sent.set(form, Date.now());
	});
}
