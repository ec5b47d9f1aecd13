// Progress: a bar with rate and time left on stderr, shown only on a terminal.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>

namespace deepaxe::base {

/// Thread-safe. Redraws at most five times a second; erases its line when destroyed.
class Progress {
 public:
  /// `unit` names what is counted ("images", "pairs"). total 0: unknown, no time left is shown.
  Progress(std::string label, std::uint64_t total, std::string unit, bool quiet);
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void add(std::uint64_t count);

 private:
  void draw_locked();

  std::string label_;
  std::string unit_;
  std::uint64_t total_;
  std::uint64_t done_ = 0;
  bool visible_;
  std::chrono::steady_clock::time_point start_;
  std::chrono::steady_clock::time_point last_draw_;
  std::mutex mutex_;
};

}  // namespace deepaxe::base
