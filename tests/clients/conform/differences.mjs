// Where two transcripts of the same session part: step by step, event by event, argument by argument.

const events = (transcript) => {
  const steps = [];
  for (const line of transcript.split("\n")) {
    if (line.startsWith("> ")) steps.push({ step: line.slice(2), heard: [] });
    else if (line.startsWith("< ")) steps.at(-1).heard.push(line.slice(2));
    else if (line.startsWith("session broke")) steps.push({ step: "the session", heard: [line] });
  }
  return steps;
};

/// One entry a step that differs: {step, right, ours}, the first event in which they differ, or undefined for none.
export function differences(rightTranscript, oursTranscript) {
  const right = events(rightTranscript), ours = events(oursTranscript), found = [];
  if (right.length === 0) return [{ step: "the session", right: undefined, ours: "there is no golden transcript" }];
  for (let n = 0; n < Math.max(right.length, ours.length); n += 1) {
    const a = right[n], b = ours[n], heardA = a?.heard ?? [], heardB = b?.heard ?? [];
    const place = Array.from({ length: Math.max(heardA.length, heardB.length) }, (_, k) => k).find((k) => heardA[k] !== heardB[k]);
    if (a?.step !== b?.step) { found.push({ step: (a ?? b).step, right: a?.step, ours: b?.heard[0] ?? b?.step }); break; }
    if (place !== undefined) found.push({ step: a.step, right: heardA[place], ours: heardB[place] });
  }
  return found;
}

const named = (event) => event.split(/ (?=[a-z-]+=)/);

export function inWords({ step, right, ours }) {
  const call = step.split(" ").filter((word) => word !== "+").slice(0, 2).join(" ");
  if (right === undefined) return `after \`${call}\` ours sends \`${ours}\`, RabbitMQ nothing`;
  if (ours === undefined) return `after \`${call}\` RabbitMQ sends \`${right}\`, ours nothing`;
  const [nameA, ...argsA] = named(right), [nameB, ...argsB] = named(ours);
  if (nameA !== nameB) return `after \`${call}\` RabbitMQ sends \`${right}\`, ours \`${ours}\``;
  const differing = argsA.map((arg, n) => [arg, argsB[n]]).filter(([a, b]) => a !== b)
    .map(([a, b]) => `RabbitMQ \`${a}\`, ours \`${b ?? "without"}\``);
  return `after \`${call}\`, in \`${nameA}\`: ${differing.join("; ") || `ours has more: \`${ours}\``}`;
}
