#pragma once
// The facts about MongoDB, its drivers and Spring Data that the document store follows, one line each, by number. What
// shows a fact is found by the names of tests: fidelity_test.cpp makes docs/fidelity-mongodb.md of both.

#include <array>
#include <string_view>

namespace premortem::testing {

struct Fact {
  enum class Standing {
    shown,        ///< By tests.
    a_clients,    ///< It is about programs at the client's side: the store has no part in it. May have tests.
    not_modelled  ///< Has no test.
  };
  std::string_view id;
  std::string_view statement;
  Standing standing = Standing::shown;
  std::string_view remark = {};  ///< Required of what is not `shown`: why.
};

inline constexpr auto shown = Fact::Standing::shown;
inline constexpr auto a_clients = Fact::Standing::a_clients;
inline constexpr auto not_modelled = Fact::Standing::not_modelled;

inline constexpr std::string_view one_address =
    "where a scenario gives the store a lag; all members of its replica set stand behind one address";
inline constexpr std::string_view newer_server =
    "only in development versions of 2026; the model is a server of 6 or 7";

inline constexpr std::array facts = {
    // The engine: snapshots and conflicts.
    Fact{"MONGO-001", "A transaction reads what was committed before its snapshot, and its own writes, until it ends"},
    Fact{"MONGO-002", "Two transactions that read both of two documents and write one each both commit: write skew"},
    Fact{"MONGO-003",
         "Of two transactions that change a document, the second to write fails at once: first updater wins"},
    Fact{"MONGO-004", "The second updater's failure is not taken back when the first aborts"},
    Fact{"MONGO-005",
         "A strained cache rolls transactions back as a conflict does, reads as well, without a competitor", shown,
         "what strains the cache is not computed: the host says so, or a fail point of the engine"},
    Fact{"MONGO-006", "Conflicts are about whole documents and their keys in indexes, not about fields or collections"},
    Fact{"MONGO-007", "An update that changes nothing writes nothing: it conflicts with nobody and locks nothing"},
    // Conflicts as clients see them.
    Fact{"MONGO-010",
         "In a transaction a conflict is error 112 of the command, labelled transient, and undoes all of it"},
    Fact{"MONGO-011", "Outside of transactions a conflict is never reported: the server tries again without a limit"},
    Fact{"MONGO-012", "Between its tries the server sleeps 0, 1, 5, 10 or 100 ms, by the number of the try"},
    Fact{"MONGO-013", "Newer servers sleep longer from try to try, at random", not_modelled, newer_server},
    Fact{"MONGO-014", "Newer servers give a write up that has met too many conflicts in a row", not_modelled,
         newer_server},
    Fact{"MONGO-015", "A plain write waits for the transaction that holds its document, or until its maxTimeMS"},
    Fact{"MONGO-016", "A transaction conflicts with a plain write made after its snapshot, however long that is over"},
    Fact{"MONGO-017", "Waiting plain writes stand in no queue, and may starve a transaction"},
    Fact{"MONGO-018", "An upsert that waits for an uncommitted insert of its key does not look at maxTimeMS", shown,
         "as servers before 6.0.21 and 7.0.17"},
    Fact{"MONGO-019", "A write that has waited evaluates its filter again, and skips what no longer matches"},
    Fact{"MONGO-020", "With a filter on fields that are not written, one update silently overwrites the other"},
    Fact{"MONGO-021", "Whoever is told 112 was in a transaction"},
    // How transactions live.
    Fact{"MONGO-022", "A transaction waits 5 ms for a collection's lock, then fails with 24, labelled transient"},
    Fact{"MONGO-023", "A schema change that waits for a transaction stops everybody else on the collection"},
    Fact{"MONGO-024", "A transaction may live for 60 s, and until the reaper comes, which is every 30 s"},
    Fact{"MONGO-025", "Which errors in a transaction are labelled transient, by code and command"},
    Fact{"MONGO-026",
         "A network error in a transaction voids it: the driver labels it so, and the transaction is redone", shown,
         "the label is the driver's; the server keeps the transaction until somebody ends it"},
    Fact{"MONGO-027", "A commit that nobody answered may have happened: it can be asked for again, not redone"},
    Fact{"MONGO-028", "Drivers retry a commit once by themselves, with majority"},
    Fact{"MONGO-029", "Drivers do not retry a transaction's statements"},
    Fact{"MONGO-030", "withTransaction reruns its callback after transient errors, for 120 s"},
    Fact{"MONGO-031", "Since 2025 it waits at random before a rerun: below 5 ms at first, 500 ms at most"},
    Fact{"MONGO-032", "What the callback does outside of its session is repeated with it"},
    Fact{"MONGO-033", "A callback that swallows a duplicate key is rerun until the 120 s are over"},
    Fact{"MONGO-034", "A read in a transaction is no lock: what is to stay as it was read has to be written"},
    Fact{"MONGO-035", "Setting the value that is already there does not lock a document; counting up does"},
    Fact{"MONGO-036", "A transaction too large for the cache fails with 388, which is not transient", shown,
         "the limit is what the host says, in bytes of documents; none by default"},
    Fact{"MONGO-037", "Abort undoes the transaction's own writes, and nothing else"},
    // Single operations, batches, cursors.
    Fact{"MONGO-040", "A write of many documents is many atomic writes: others see it halfway"},
    Fact{"MONGO-041", "When it fails midway, what has been changed stays so, and is not counted"},
    Fact{"MONGO-042", "Writes of many documents are not retryable: an unanswered one may have happened"},
    Fact{"MONGO-043", "A retried write is recognised by its session and number, and carried out once"},
    Fact{"MONGO-044", "Which errors are worth the retry of a write: 112 is not among them"},
    Fact{"MONGO-045", "An ordered bulk stops at its first error, an unordered one goes on"},
    Fact{"MONGO-046", "A duplicate key is 11000, not transient, and undoes the transaction around it"},
    Fact{"MONGO-047", "Of two inserts of one key, the second waits outside of transactions and conflicts inside"},
    Fact{"MONGO-048", "Concurrent upserts insert twice without a unique index; with one, the second becomes an update"},
    Fact{"MONGO-050", "Claims by find-and-modify never take the same document twice"},
    Fact{"MONGO-051", "A claim is not completion: whoever dies after it leaves the document claimed"},
    Fact{"MONGO-052", "Leases by the clocks of clients give one item two owners when the clocks differ"},
    Fact{"MONGO-053", "Claims in transactions all want the same document: one wins, the others conflict"},
    Fact{"MONGO-054", "A cursor is no snapshot: a document that moves in the index is met twice, or missed"},
    Fact{"MONGO-055", "Reads of several documents outside of transactions may see each at another time"},
    Fact{"MONGO-056", "Cursors end after 10 idle minutes, sessions and theirs after 30"},
    // Durability, replication, change streams, TTL.
    Fact{"MONGO-060", "By default writes wait for a majority, and reads may see what is rolled back later", shown,
         one_address},
    Fact{"MONGO-061", "What was not on a majority when the primary fell is rolled back later", shown,
         "documents alone: collections and indexes that came or went stay so; no files of what was rolled back"},
    Fact{"MONGO-062", "A write concern that timed out does not undo the write", shown,
         "without a lag it times out only by a fail point"},
    Fact{"MONGO-063", "An election takes about 12 s, in which nothing can be written", shown,
         "how long it takes, the scenario says"},
    Fact{"MONGO-064", "When the primary falls, all open transactions are undone"},
    Fact{"MONGO-065", "The oplog keeps a size: a burst shortens the time that it reaches back"},
    Fact{"MONGO-066", "A change stream cannot resume from before the oplog: 286, and a gap"},
    Fact{"MONGO-067", "Whoever stores a resume token after processing hears twice, before it misses", shown,
         "that the driver resumes by itself is the driver's"},
    Fact{"MONGO-068", "A change stream tells only what is committed, in order, and never takes it back"},
    Fact{"MONGO-069", "Expired documents are removed once a minute: late, never early"},
    Fact{"MONGO-070", "Causal consistency holds only within a session with majority reads and writes", shown,
         "a read of what a majority has stands for one from a secondary, which has no address of its own"},
    Fact{"MONGO-071", "Linearizable reads are of a single document, from the primary", shown,
         "that of a single document is not checked, as by the server"},
    // Spring Data.
    Fact{"MONGO-080", "Without a transaction manager @Transactional does nothing: no 112, and half of the writes"},
    Fact{"MONGO-081", "The transaction manager does not retry"},
    Fact{"MONGO-082", "112 becomes an exception that is not called transient", a_clients,
         "Spring Data's translation of exceptions, which real programs bring with them; simulated ones have no classes "
         "of "
         "exceptions"},
    Fact{"MONGO-083", "251, 11000 and network errors become exceptions of their own", a_clients, "as MONGO-082"},
    Fact{"MONGO-084", "A retry inside of the transaction reuses a dead session: it has to be around it"},
    Fact{"MONGO-085", "Commit and acknowledgement are two steps: a crash in between repeats a finished command"},
    Fact{"MONGO-086", "spring-retry tries three times, 1 s apart, without jitter, by default", a_clients,
         "a default of a library of programs; a scenario says which retries its systems have"},
    // The pattern of many commands at one instant.
    Fact{"ESR-001", "Each wave has a winner, so retries must last as long as all winners, whatever their count"},
    Fact{"ESR-002", "Fixed waits keep the losers in phase; jitter spreads them"},
    Fact{"ESR-003", "One command by hand never conflicts: it proves nothing"},
    Fact{"ESR-004", "Commands that share no document never conflict"},
};

}  // namespace premortem::testing
