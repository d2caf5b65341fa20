#pragma once
// The errors that models raise themselves; scenarios may name others with `raise`.

#include <cstdint>

namespace premortem::error {

/// Numbers in Model::errors, whose first entries are these, in this order.
enum Standard : std::uint32_t {
  write_conflict,       ///< MongoDB's 112 with TransientTransactionError: a second updater inside a transaction.
  duplicate_key,        ///< 11000.
  not_found,            ///< find-one matched nothing.
  transaction_expired,  ///< 251 or 290: the transaction is no longer there.
  timeout,              ///< No reply in time. Not definite: the operation may have happened.
  unavailable,          ///< Not reached. Definite.
  refused,              ///< Answered with no. Definite.
  aborted,              ///< Cut off in the middle by the other side. Definite: undone.
  unroutable,           ///< The broker gave it back: no queue wanted it. Definite. RABBIT-003
  standard_count
};
inline constexpr const char* standard_names[] = {"WriteConflict", "DuplicateKey", "NotFound", "TransactionExpired",
                                                 "Timeout",       "Unavailable",  "Refused",  "Aborted",
                                                 "Unroutable"};
/// The number under which the server's own documentation lists it; 0: it has none, or several.
inline constexpr std::uint32_t standard_codes[] = {112, 11000, 0, 0, 0, 0, 0, 0, 0};

}  // namespace premortem::error
