#include "deepaxe/base/interrupt.h"

#include <unistd.h>

#include <atomic>
#include <csignal>

namespace deepaxe::base {
namespace {

std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "used in a signal handler");

void handle(int signal_number) {
  if (requested.exchange(true)) ::_exit(128 + signal_number);  // Second signal: as a shell counts.
}

}  // namespace

void install_interrupt_handler() {
  struct sigaction action {};
  action.sa_handler = handle;
  action.sa_flags = SA_RESTART;  // Loops poll the flag; reads and writes need not fail.
  sigemptyset(&action.sa_mask);
  ::sigaction(SIGINT, &action, nullptr);
  ::sigaction(SIGTERM, &action, nullptr);
}

bool interrupt_requested() noexcept { return requested.load(std::memory_order_relaxed); }

void request_interrupt() noexcept { requested.store(true); }

void clear_interrupt() noexcept { requested.store(false); }

void check_interrupt() {
  if (interrupt_requested()) throw Interrupted();
}

}  // namespace deepaxe::base
