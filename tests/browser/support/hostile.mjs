// The same report, written by somebody who wishes its readers ill: every name and sentence holds markup, a reversal of
// direction, ten thousand letters, or all of them.

import { changedPage } from "./changed.mjs";

export const markup = `</script><img src=x onerror="document.title='broken into'"><b>bold</b>`;
export const reversal = "abc\u202Egpj.exe";
export const norwegian = "Ærlige Øystein på Ål, blåbærsyltetøy";
const long = "x".repeat(10_000);
const spaced = "ti tusen bokstaver ".repeat(530);

const names = [markup, reversal, norwegian, long, spaced, "", " ", "\u0000\u0007\uFEFF", "a\nb\tc", "${x}{{y}}%s",
  "שלום עולם", "مرحبا بالعالم", "🙂".repeat(400)];

/** Every text that a scenario's author can have a say in. */
function spoilt(data) {
  const { decision } = data;
  data.title = decision.title = markup + reversal + norwegian;
  decision.headline = `${markup} ${reversal} ${spaced}`;
  decision.overall = [long, reversal, markup];
  decision.assumed = [spaced, markup];
  decision.file = `/tmp/${long}/${markup}`;
  decision.readings.forEach((reading, r) => {
    reading.name = r === 0 ? "as written" : `${names[r % names.length]}=${long}`;
    reading.summary = [markup, long, reversal];
    reading.command += ` '${markup}'`;
    reading.strategies.forEach((strategy, n) => {
      strategy.name = names[n % names.length] + (n >= names.length ? n : "");
      strategy.command += ` '${strategy.name}'`;
      strategy.checks.forEach((check, c) => { check.name = names[c % names.length]; });
    });
    reading.measures.forEach((measure, m) => {
      measure.name = `${names[m % names.length]}.${m}`;
      measure.heading = `${names[m % names.length]} ${m}`;
    });
  });
}

export const hostilePage = (file) => changedPage(file, spoilt);
