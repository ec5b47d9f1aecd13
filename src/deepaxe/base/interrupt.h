// Interrupt: Ctrl-C as a flag that long loops poll, so that what is done is kept.
#pragma once

#include <stdexcept>
#include <string>

namespace deepaxe::base {

/// Thrown by check_interrupt; caught in `main`, exit code 130.
class Interrupted : public std::runtime_error {
 public:
  Interrupted() : std::runtime_error("interrupted") {}
  /// `kept` says where what is done can be found.
  explicit Interrupted(const std::string& kept) : std::runtime_error("interrupted; " + kept) {}
};

/// Makes SIGINT and SIGTERM set the flag; a second signal ends the process at once.
void install_interrupt_handler();

bool interrupt_requested() noexcept;
void request_interrupt() noexcept;  ///< As the signal does; for tests.
void clear_interrupt() noexcept;

/// Throws Interrupted if the flag is set. Cheap: one relaxed load.
void check_interrupt();

}  // namespace deepaxe::base
