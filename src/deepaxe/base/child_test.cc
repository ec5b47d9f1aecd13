#include "deepaxe/base/child.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>

#include "deepaxe/base/interrupt.h"

namespace deepaxe::base {
namespace {

std::vector<std::byte> bytes_of(const std::string& text) {
  const auto bytes = std::as_bytes(std::span(text));
  return {bytes.begin(), bytes.end()};
}

std::string text_of(const ChildResult& result) {
  return {reinterpret_cast<const char*>(result.output.data()), result.output.size()};
}

std::vector<std::byte> sleep_for_ever() {
  for (;;) std::this_thread::sleep_for(std::chrono::seconds(1));
}

TEST(RunInChild, ReturnsWhatTheBodyReturns) {
  const std::string large(1'000'000, 'x');  // More than a pipe holds.
  const ChildResult result = run_in_child([&] { return bytes_of(large); }, {});
  EXPECT_EQ(text_of(result), large);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.signal, 0);
  EXPECT_FALSE(result.timed_out);
}

TEST(RunInChild, ReportsAnExceptionByItsText) {
  const ChildResult result = run_in_child(
      []() -> std::vector<std::byte> { throw std::runtime_error("layer conv1 is odd"); }, {});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(text_of(result), "layer conv1 is odd");
}

TEST(RunInChild, SurvivesACrash) {
  const ChildResult result = run_in_child(
      []() -> std::vector<std::byte> {
        std::signal(SIGABRT, SIG_DFL);
        std::abort();
      },
      {});
  EXPECT_EQ(result.signal, SIGABRT);
}

TEST(RunInChild, KillsABodyThatHangs) {
  const auto start = std::chrono::steady_clock::now();
  const ChildResult result = run_in_child(sleep_for_ever, {.seconds = 0.2, .memory_bytes = 0});
  EXPECT_TRUE(result.timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(20));
}

TEST(RunInChild, LimitsWorkButNotWaiting) {
  const auto work = []() -> std::vector<std::byte> {
    volatile unsigned work_done = 0;  // Wraps within the second on a fast processor.
    for (;;) work_done = work_done + 1;
  };
  EXPECT_TRUE(run_in_child(work, {.seconds = 600, .cpu_seconds = 1}).timed_out);
  const auto wait = [] {
    std::this_thread::sleep_for(std::chrono::milliseconds(1500));
    return bytes_of("done");
  };
  EXPECT_EQ(text_of(run_in_child(wait, {.cpu_seconds = 1})), "done");
}

TEST(RunInChild, LimitsMemory) {
  if (!enforces_memory_limit()) GTEST_SKIP() << "sanitizers reserve address space themselves";
  const auto allocate = [] {
    std::vector<std::byte> bytes;
    bytes.resize(std::size_t{1} << 32);
    return bytes;
  };
  const ChildResult result =
      run_in_child(allocate, {.seconds = 60, .memory_bytes = std::uint64_t{64} << 20});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_FALSE(text_of(result).empty());  // bad_alloc or length_error, in the library's words.
}

TEST(RunInChild, IsEndedByAnInterruptOfTheParent) {
  request_interrupt();
  EXPECT_THROW(run_in_child(sleep_for_ever, {}), Interrupted);
  clear_interrupt();
  EXPECT_EQ(::waitpid(-1, nullptr, WNOHANG), -1) << "a child was left behind";
}

TEST(RunProgram, MergesOutputAndErrorAndReturnsTheExitCode) {
  const ChildResult result = run_program({"sh", "-c", "echo out; echo err >&2; exit 3"}, {});
  EXPECT_EQ(text_of(result), "out\nerr\n");
  EXPECT_EQ(result.exit_code, 3);
}

TEST(RunProgram, GivesNoInput) {
  EXPECT_EQ(run_program({"cat"}, {.seconds = 20, .memory_bytes = 0}).exit_code, 0);
}

TEST(RunProgram, NamesAProgramThatIsNotThere) {
  const ChildResult result = run_program({"no-such-program-of-deepaxe"}, {});
  EXPECT_EQ(result.exit_code, 127);
  EXPECT_EQ(text_of(result), "no-such-program-of-deepaxe: No such file or directory");
}

TEST(RunProgram, KillsTheDescendantsOfAProgramThatRunsTooLong) {
  const ChildResult result =
      run_program({"sh", "-c", "sleep 100 & sleep 100"}, {.seconds = 0.2, .memory_bytes = 0});
  EXPECT_TRUE(result.timed_out);
}

TEST(RunProgram, RefusesAnEmptyCommand) {
  EXPECT_THROW(run_program({}, {}), std::invalid_argument);
}

TEST(Interrupt, IsSetByTheSignalAndClearedByHand) {
  install_interrupt_handler();
  EXPECT_NO_THROW(check_interrupt());
  std::raise(SIGINT);
  EXPECT_TRUE(interrupt_requested());
  EXPECT_THROW(check_interrupt(), Interrupted);
  clear_interrupt();
  EXPECT_NO_THROW(check_interrupt());
}

TEST(Interrupt, ASecondSignalEndsTheProcess) {
  const auto raise_twice = []() -> std::vector<std::byte> {
    install_interrupt_handler();
    std::raise(SIGINT);
    std::raise(SIGINT);
    return {};
  };
  EXPECT_EQ(run_in_child(raise_twice, {}).exit_code, 128 + SIGINT);
}

}  // namespace
}  // namespace deepaxe::base
