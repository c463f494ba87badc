/**
 * The optional sound: two short tones, made on the spot. A browser lets a page sound once somebody has clicked or pressed a
 * key in it; until then the page says that it is mute.
 */

/** One ring is enough for so long: the tabs of a browser hear of the same request at different times. */
const ONCE = 20_000;
const TONES = [660, 880];
const LASTS = 0.25;

/** Only there for those who want it. */
const mute = document.querySelector("#mute");
let context = mute && new AudioContext();
let isMute = true;

if (mute) {
	unlock();
	for (const gesture of ["click", "keydown"]) addEventListener(gesture, unlock);
	setTimeout(() => (mute.hidden = !isMute), 1000);
}

/** Rings, in one of the browser's tabs, where it is wanted and allowed. */
export function ring() {
	if (!mute || isMute) return;
	const once = (lock) => lock && sound().then(() => pause(ONCE));
	if (navigator.locks) navigator.locks.request("bell", { ifAvailable: true }, once);
	else sound(); // the page has no https
}

/** The tones. While there are none, nothing runs. */
export async function sound() {
	context ??= new AudioContext();
	await context.resume();
	TONES.forEach((frequency, number) => play(frequency, context.currentTime + number * LASTS));
	await pause(1000 * LASTS * (TONES.length + 1));
	await context.suspend();
}

function play(frequency, start) {
	const tone = new OscillatorNode(context, { frequency });
	const volume = new GainNode(context, { gain: 0 });
	volume.gain.setValueAtTime(0, start).linearRampToValueAtTime(0.3, start + 0.02).linearRampToValueAtTime(0, start + LASTS);
	tone.connect(volume).connect(context.destination);
	tone.start(start);
	tone.stop(start + LASTS);
}

async function unlock() {
	if (!isMute) return;
	await context.resume(); // waits for as long as the browser does not allow it
	if (!isMute) return;
	isMute = false;
	mute.hidden = true;
	await context.suspend();
}

function pause(milliseconds) {
	return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
