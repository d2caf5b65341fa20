#pragma once
// Calls of services by real programs: which of them are under way, and what their callers are told.

#include <cstdint>
#include <string>

#include "sim/kernel/activity.hpp"

namespace premortem {

/// What becomes of one call.
struct ServiceReply {
  std::uint32_t client = 0;  ///< As the request named it.
  std::uint32_t cut = 0;     ///< 1: the connection is to break, without a word.
  std::uint64_t call = 0;    ///< The request's tag.
  std::string error;         ///< Name of the error that it ended with; empty: none.
  std::string value;         ///< What it replied, as the message form writes it; empty: no value.

  template <class F>
  void fields(F&& f) {
    f(client), f(cut), f(call), f(error), f(value);
  }
  template <class F>
  void fields(F&& f) const {
    f(client), f(cut), f(call), f(error), f(value);
  }
};

/// A call that a service works on. Who waits for it is no activity, but somebody outside.
struct OutsideCall {
  ActivityId callee = no_activity;
  std::uint32_t client = 0;
  std::uint64_t call = 0;
  std::int64_t answer_delay = 0;  ///< ns that its reply takes longer.
  std::uint32_t error = 0;        ///< 1 + number in Model::errors: what is told in place of its reply.
  std::uint16_t unheard = 0;      ///< 1: nobody ever hears of its end.
  std::uint16_t cut = 0;          ///< 1: the connection breaks at its end.
};

/// A reply on its way.
struct LateReply {
  std::int64_t due = 0;  ///< ns since 1970.
  ServiceReply reply;

  template <class F>
  void fields(F&& f) {
    f(due), reply.fields(f);
  }
  template <class F>
  void fields(F&& f) const {
    f(due), reply.fields(f);
  }
};

}  // namespace premortem
