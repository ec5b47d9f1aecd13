#include "deepaxe/base/progress.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <utility>

namespace deepaxe::base {
namespace {

constexpr auto kRedrawInterval = std::chrono::milliseconds(200);

std::string bar(double fraction) {
  constexpr int kWidth = 24;
  const int filled = static_cast<int>(fraction * kWidth);
  return "[" + std::string(static_cast<std::size_t>(filled), '#') +
         std::string(static_cast<std::size_t>(kWidth - filled), '.') + "]";
}

std::string clock_text(double seconds) {
  const auto whole = static_cast<std::uint64_t>(seconds);
  return fmt::format("{}:{:02}", whole / 60, whole % 60);
}

}  // namespace

Progress::Progress(std::string label, std::uint64_t total, std::string unit, bool quiet)
    : label_(std::move(label)),
      unit_(std::move(unit)),
      total_(total),
      visible_(!quiet && ::isatty(STDERR_FILENO) == 1),
      start_(std::chrono::steady_clock::now()),
      last_draw_(start_) {}

Progress::~Progress() {
  if (visible_) std::fputs("\r\033[K", stderr);
}

void Progress::add(std::uint64_t count) {
  const std::scoped_lock lock(mutex_);
  done_ += count;
  if (!visible_) return;
  const auto now = std::chrono::steady_clock::now();
  if (now - last_draw_ < kRedrawInterval) return;
  last_draw_ = now;
  draw_locked();
}

void Progress::draw_locked() {
  const double seconds = std::chrono::duration<double>(last_draw_ - start_).count();
  const double rate = static_cast<double>(done_) / seconds;  // A redraw interval has passed: > 0.
  std::string line = fmt::format("\r\033[K{} ", label_);
  if (total_ > 0 && done_ <= total_) {
    line +=
        fmt::format("{} {}/{} {}  {:.0f}/s  {} left",
                    bar(static_cast<double>(done_) / static_cast<double>(total_)), done_, total_,
                    unit_, rate, clock_text(static_cast<double>(total_ - done_) / rate));
  } else {
    line += fmt::format("{} {}  {:.0f}/s", done_, unit_, rate);
  }
  std::fputs(line.c_str(), stderr);
}

}  // namespace deepaxe::base
