#include "sim/scenario/reference/prose.hpp"

namespace premortem::reference {

const std::string_view beginning = R"(# The scenario language, version 1

One file is one story that runs: JSON with comments (`.jsonc`), in UTF-8. Everything with a name is a key of an object; lists
stand only where order is the meaning (`timeline`, `does`), or where values are meant. Nothing is guessed and nothing is
silently ignored: an unknown key, a dead address, a duration without a unit or a time that the clock skips is an error, with
its place and with what to write instead. This page is made from the table that checks the files.

```jsonc
{
  "$schema": "premortem.schema.json",
  "premortem": 1,
  "title": "Orders wait for a worker",
  "clock": { "from": "2021-03-01 08:00", "until": "2021-03-01 12:00", "zone": "Europe/London" },
  "items": { "order": { "done": "packed", "due": "10 min" } },
  "arrivals": { "shop": { "item": "order", "into": "orders", "rate": "30/h" } },
  "systems": {
    "orders": { "is": "queue", "of": "order" },
    "packer": { "is": "consumer", "reads": "orders", "does": [ { "id": "pack", "work": "1 min .. 2 min" }, { "finish": "packed" } ] }
  },
  "checks": { "in-time": { "every": "order", "finishes-within": "due" } }
}
```

`premortem check FILE` says what is wrong with a file, `premortem explain FILE` retells it in English, `premortem run FILE`
runs it. A file begins with its story: who stops reading behind the timeline has understood the incident.

Names are made of letters, digits, `_` and `-`. What expressions speak of (systems, items, fields, lists, toggles, results) has
no `-` in its name, as that is a minus there. A name can mean one thing only.

)";

const std::string_view notations = R"(## Values

The unit stands in the value. A bare number is a count; a bare number where a duration is meant is an error.

| value | written | meaning |
|---|---|---|
| count | `4` | a whole number from 0 |
| duration | `"20 min"`, `"20 h 39 min"`, `"0.2 s"` | ns, us, ms, s, min, h, day or days, week or weeks |
| range | `"2 s .. 6 s"`, `"1 .. 13"` | any value in it is equally likely; a choice for searches |
| distribution | `"exponential 4 s"` | mean |
| | `"lognormal 4 s p99 30 s"` | median, and what 99 of 100 stay below |
| | `"gamma 4 s shape 2"` | mean and shape, from 0.5 |
| | `"poisson 10"` | mean number |
| samples | `["1 s", "4 s"]` | one of these durations, each equally likely |
| shares | `{ "a": "70 %", "b": "30 %" }` | named values with weights that add up to 100 % |
| rate | `"60/h"`, `"6/day"` | arrivals at random instants |
| share | `"30 %"` | |
| word | `"after success"` | one of those that the key names |
| expression | `"size(known) == 0"` | see below |
| name | `"orders"` | of a system, an item, a list, an entry |

Every draw is keyed by its address, the item and the occurrence: two strategies see the same arrivals and the same service
times, and an added step changes nobody else's luck. Therefore a step whose value is a range needs an `id`.

## Times

Civil times in the clock's zone. A time that the zone skips is an error; one that it repeats is an error until the file says
which is meant.

| written | meaning |
|---|---|
| `2020-02-13 13:21`, `2020-02-13 13:21:05`, `2020-02-13 13:21:05.5` | that instant |
| `13:00` | on the day of the entry above; outside the timeline, on the clock's first day |
| `next day 08:00` | the day after that |
| `+2 h` | after what `after` names, or after the entry above |
| `13:00 .. 13:10`, `+10 min .. 45 min` | any time in it, a choice |
| `2021-08-02 13:00 UTC` | whatever the zone |
| `2021-10-31 01:30 first`, `... second` | of two |
| `end` | after the last event; in checks, and as the `until` of a fault |

Days are fixed before a strategy changes anything: moving one entry moves no other.

## Addresses, strategies, assumptions

An address names one thing or one value, for strategies, `set`, `assumed`, `--set` and tables.

| address | names |
|---|---|
| `exporter.workers` | a key of a system; systems come without a prefix |
| `arena.order.takes`, `db.people.unique` | of an operation or a collection: `offers` and `collections` are left out |
| `exporter.on.WriteConflict.tries` | of what is done with an error |
| `exporter.does[pick].where` | of the step with that `id`, however deep |
| `timeline[stop-brut].at` | of an entry |
| `arrivals.usual.rate`, `items.record.due`, `lists.friday`, `clock.until` | of the other sections |
| `toggle.route` | a toggle |
| `exporter.does[before pick]`, `exporter.does[after pick]` | a place for `add` |

A name that does not exist is an error; a key of that kind left at its default is not. What runs is the file, then the chosen
alternatives of `assumed`, then the strategy, then `--set`; all checks are made on the result. `--strategy a+b` applies two
strategies, one after the other. The unchanged file is the strategy `as-happened`.

## Expressions

A typed subset of CEL, in the keys whose value is an expression. It always ends and changes nothing.

| | |
|---|---|
| constants | `'text'`, `12`, `1.5`, `true`, `[1, 2]`, `now`, `today` |
| operators | `! - * / % + < <= > >= == != in && \|\| ?:` |
| parts | `a.b`, `a[0]` |
| types | `bool int double string date time duration`, lists of them, and documents |

| function | gives |
|---|---|
| `count(S)`, `count(S, condition)` | how many items of that kind, or documents of that collection, there are; bare names in the condition are theirs |
| `list(S, condition, value)` | that value of each of them |
| `size(x)` | length of a text or a list |
| `min(a, b)`, `max(a, b)`, `min(l)`, `max(l)` | least, greatest |
| `string(x)`, `int(x)`, `double(x)` | the value as another type |
| `date('2021-08-04')`, `date(t)` | a day; the day of a time |
| `time('2021-08-04 13:00')`, `duration('4 h')` | an instant; a duration |
| `dyn(x)` | the value without its type: compares as an untyped program would, and `dyn(7) == '7'` is false |
| `s.startsWith(t)`, `s.endsWith(t)`, `s.contains(t)` | true or false |

Comparing two types is an error. `date - date` is a number of days, `time - time` a duration. Text stands in single quotes:
`"with": { "state": "'EXPORTED'" }`.

| where | bare names | beside them |
|---|---|---|
| steps | results (`as`), `system.key`, toggles, lists | `it.field`, `it.id`, `it.kind`, `it.arrived`, `it.age`, `it.finished`, `it.outcome`, `it.held`, `it.mark`, in consumers and streams `it.attempt`, in consumers `it.redelivered` and `it.deaths` (how often it was dead-lettered) |
| `where` of a step on documents, `with` of an update | fields of the document, `id`, `kind`, `age` | the above |
| `held-while`, checks on items, inside `count` and `list` | fields of the item, `id`, `kind`, `arrived`, `age`, `finished`, `outcome`, `held`, `mark` | systems, `now`, `today` |
| timeline, `when`, `that`, `always`, `eventually`, `sometimes` | systems, items, collections | |

Any single value can be read: `exporter.workers`, `toggle.route`. What can be watched of a system stands at its kind.

## Fates

An item is held while a queue, a log ahead of a group, or a step in hand carries it, or while its `held-while` is true. At the
end it has exactly one fate, the first that fits; they always add up to what arrived.

| fate | when |
|---|---|
| `duplicated` | finished more than once |
| `misrouted` | finished with an outcome that `done` does not list |
| `late` | finished after `due` |
| `done` | finished otherwise |
| `dead-lettered` | unfinished, in a dead-letter queue or parked |
| `in-flight` | held, and `due` is not over |
| `stuck` | held, and `due` is over |
| `lost` | nobody holds it |

## Expectations

`checks` say what is right, `expect` says what happened: an incident that reproduces is a passing test. What is not listed
holds; in a strategy with an `expect` of its own, or none, it must only not be broken.

| verdict | meaning |
|---|---|
| `holds` | |
| `broken` | at least once |
| `broken for 182`, `broken for >= 60`, `broken for 10 .. 20` | for so many items or changes |
| `not exercised` | its premise never occurred |
| `either` | depends on the seed |

)";

const std::string_view handlers =
    R"(A handler (`does`) has one thing in hand, `it`: the message, the event, the call, or the element of `each`. Each step has one verb.
`insert`, `publish` and `call` carry the item of `it` and all its fields that the target knows; `with` adds or replaces. A handler
that is tried again begins anew, without results.

)";

const std::string_view errors =
    R"(`on` stands on a step, a transaction or a handler, and maps the name of an error, or `any`, to what is done. The models fail
with `WriteConflict`, `DuplicateKey`, `NotFound`, `TransactionExpired`, `Timeout`, `Unavailable`, `Refused` and `Aborted`;
`raise` may name others.

| `then` | on | meaning |
|---|---|---|
| `outwards` | anything but the outermost | to the next `on` outwards; the standard on steps and operations |
| `ignore` | anything | the next step; of a handler: in good order |
| `requeue` | consumer, stream | back to the queue; for a log, appended again at its tail, with `it.attempt` one higher |
| `reject` | consumer, stream | to the dead-letter queue; without one it is gone |
| `discard` | consumer, stream | acknowledged or passed, and gone |
| `park` | consumer, stream | kept aside, where nobody looks: `dead-lettered` |
| `leave` | consumer | stays unacknowledged |
| `crash` | consumer, stream | it dies, restarts, and meets the message again |
| `give-up` | job | the run ends as failed |

)";

const std::string_view diagnostics = R"(## What a wrong file is told

All at once, sorted by place, on stderr, with exit code 2 and nothing written; `premortem check --json` gives them as data.

```text
FILE:LINE:COLUMN: error: /address: what is wrong; what to write instead
```

```text
/systems/brut: unknown key "corn"; did you mean "cron"?
/systems/arena/is: unknown kind "sevice"; did you mean "service"?
/timeline[stop-brut]/stop: there is no system "burt"; did you mean "brut"?
/timeline[stop-brut]: two verbs, "stop" and "set"; write two entries with the same "at"
/systems/arena/offers/order/takes: 1.5 is a bare number; write "1.5 s"
/clock/from: 2021-03-28 01:30 does not exist in Europe/London (the clock goes from 01:00 to 02:00); write 02:30 or give UTC
/strategies/late/change: "timeline[stop-burt].at" hits nothing; did you mean "timeline[stop-brut].at"?
intake.does[mark].with.state: unknown name EXPORTED; for text write "'EXPORTED'"
/arrivals/usual/by-hour: has no effect without "rate": it shapes a rate; write "rate", or remove it
```
)";

}  // namespace premortem::reference
