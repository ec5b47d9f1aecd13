// Child processes with limits: code that may hang or crash on damaged input, and outside tools.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace deepaxe::base {

struct ChildLimits {
  double seconds = 60;             ///< Wall clock; the child is killed beyond it.
  double cpu_seconds = 0;          ///< Of work, rounded up to whole seconds; 0: no limit.
  std::uint64_t memory_bytes = 0;  ///< Address space growth; 0: no limit.
};

/// How a child ended. Exactly one of the last three describes a failure.
struct ChildResult {
  std::vector<std::byte> output;  ///< What the child wrote.
  int exit_code = 0;              ///< Non-zero: the child's own failure; `output` has its message.
  int signal = 0;                 ///< Non-zero: ended by this signal.
  bool timed_out = false;         ///< Killed because it ran past a time limit.
};

/// Forks and runs `body` in the child. What body returns becomes `output`; if it throws, exit_code
/// is 1 and `output` is the text of the exception. Must be called while no other thread of ours
/// runs. memory_bytes holds only where enforces_memory_limit().
ChildResult run_in_child(const std::function<std::vector<std::byte>()>& body,
                         const ChildLimits& limits);

/// False in sanitizer builds: they reserve address space by the terabyte.
bool enforces_memory_limit() noexcept;

/// Runs a program found on PATH, standard output and error merged into `output`. exit_code 127
/// if it cannot be started.
ChildResult run_program(const std::vector<std::string>& arguments, const ChildLimits& limits);

}  // namespace deepaxe::base
