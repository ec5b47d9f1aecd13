#include "deepaxe/base/child.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstring>
#include <exception>
#include <fstream>
#include <span>
#include <stdexcept>
#include <string_view>
#include <system_error>
#include <thread>

#include "deepaxe/base/interrupt.h"

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define DEEPAXE_SANITIZED true
#elif defined(__has_feature)
#define DEEPAXE_SANITIZED (__has_feature(address_sanitizer) || __has_feature(thread_sanitizer))
#else
#define DEEPAXE_SANITIZED false
#endif

namespace deepaxe::base {
namespace {

using Clock = std::chrono::steady_clock;
constexpr int kPollMilliseconds = 100;  // How soon an interrupt of ours is seen.

[[noreturn]] void fail_with_errno(const char* call) {
  throw std::system_error(errno, std::generic_category(), call);
}

void write_all(int descriptor, std::span<const std::byte> bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) ::_exit(1);  // The parent is gone.
    bytes = bytes.subspan(static_cast<std::size_t>(written));
  }
}

void write_all(int descriptor, std::string_view text) {
  write_all(descriptor, std::as_bytes(std::span(text)));
}

std::uint64_t address_space_in_use() {
  std::ifstream statm("/proc/self/statm");
  std::uint64_t pages = 0;
  statm >> pages;
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

void limit_address_space(std::uint64_t bytes) {
  if (!enforces_memory_limit()) return;
  const rlimit limit{.rlim_cur = bytes, .rlim_max = bytes};
  ::setrlimit(RLIMIT_AS, &limit);
}

void limit_cpu_time(double seconds) {
  if (seconds <= 0) return;
  const auto whole = static_cast<rlim_t>(std::ceil(seconds));
  const rlimit limit{.rlim_cur = whole, .rlim_max = whole + 1};  // SIGXCPU, then SIGKILL.
  ::setrlimit(RLIMIT_CPU, &limit);
}

// What both kinds of children do first: die with us, and be a group that can be killed as one.
void enter_child() {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);
  ::setpgid(0, 0);
  ::signal(SIGINT, SIG_DFL);
  ::signal(SIGTERM, SIG_DFL);
}

// The parent's side: collects the output, enforces the time limit, never leaves a zombie.
class Child {
 public:
  Child(pid_t pid, int pipe) : pid_(pid), pipe_(pipe) {}
  ~Child() {
    ::close(pipe_);
    if (!reaped_) {
      kill_group();
      reap(0);
    }
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  ChildResult finish(double seconds) {
    const auto deadline = Clock::now() + std::chrono::duration<double>(seconds);
    ChildResult result;
    bool open = true;
    while (!reaped_ && !result.timed_out) {
      check_interrupt();  // The destructor ends the child.
      if (open) {
        open = read_some(result.output);
      } else if (!reap(WNOHANG)) {  // It closed its output but still runs.
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
      }
      result.timed_out = !reaped_ && Clock::now() > deadline;
    }
    if (result.timed_out) {
      kill_group();
      reap(0);
    } else if (WIFSIGNALED(status_) && WTERMSIG(status_) == SIGXCPU) {
      result.timed_out = true;
    } else if (WIFSIGNALED(status_)) {
      result.signal = WTERMSIG(status_);
    } else {
      result.exit_code = WEXITSTATUS(status_);
    }
    return result;
  }

 private:
  // False at the end of the output.
  bool read_some(std::vector<std::byte>& output) {
    pollfd request{.fd = pipe_, .events = POLLIN, .revents = 0};
    if (::poll(&request, 1, kPollMilliseconds) <= 0) return true;
    std::array<std::byte, 65536> chunk;
    const ssize_t got = ::read(pipe_, chunk.data(), chunk.size());
    if (got < 0) return errno == EINTR;
    output.insert(output.end(), chunk.begin(), chunk.begin() + got);
    return got > 0;
  }
  bool reap(int flags) {
    pid_t ended = 0;
    do {
      ended = ::waitpid(pid_, &status_, flags);
    } while (ended < 0 && errno == EINTR);
    reaped_ = ended == pid_;
    return reaped_;
  }
  void kill_group() {
    ::kill(-pid_, SIGKILL);
    ::kill(pid_, SIGKILL);  // Where it has not reached setpgid yet.
  }

  pid_t pid_;
  int pipe_;
  int status_ = 0;
  bool reaped_ = false;
};

// Forks; `in_child` gets the writing end and must not return.
ChildResult fork_and_collect(const std::function<void(int)>& in_child, double seconds) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) fail_with_errno("pipe2");
  const pid_t pid = ::fork();
  if (pid == 0) {
    ::close(ends[0]);
    enter_child();
    in_child(ends[1]);
    ::_exit(1);
  }
  ::close(ends[1]);
  if (pid < 0) {
    ::close(ends[0]);
    fail_with_errno("fork");
  }
  return Child(pid, ends[0]).finish(seconds);
}

}  // namespace

bool enforces_memory_limit() noexcept { return !DEEPAXE_SANITIZED; }

ChildResult run_in_child(const std::function<std::vector<std::byte>()>& body,
                         const ChildLimits& limits) {
  const auto in_child = [&](int pipe) {
    if (limits.memory_bytes > 0) limit_address_space(address_space_in_use() + limits.memory_bytes);
    limit_cpu_time(limits.cpu_seconds);
    try {
      write_all(pipe, body());
      ::_exit(0);  // Not exit: the parent's buffers and handlers are not ours to run.
    } catch (const std::exception& error) {
      write_all(pipe, std::string_view(error.what()));
    } catch (...) {
      write_all(pipe, std::string_view("unknown exception"));
    }
    ::_exit(1);
  };
  return fork_and_collect(in_child, limits.seconds);
}

ChildResult run_program(const std::vector<std::string>& arguments, const ChildLimits& limits) {
  if (arguments.empty()) throw std::invalid_argument("run_program: no program named");
  std::vector<std::string> copies = arguments;  // execvp wants char*, allocated before the fork.
  std::vector<char*> pointers;
  pointers.reserve(copies.size() + 1);
  for (std::string& copy : copies) pointers.push_back(copy.data());
  pointers.push_back(nullptr);
  const auto in_child = [&](int pipe) {
    ::dup2(pipe, STDOUT_FILENO);
    ::dup2(pipe, STDERR_FILENO);
    const int null = ::open("/dev/null", O_RDONLY);
    ::dup2(null, STDIN_FILENO);
    if (limits.memory_bytes > 0) limit_address_space(limits.memory_bytes);
    limit_cpu_time(limits.cpu_seconds);
    ::execvp(pointers[0], pointers.data());
    const char* reason = std::strerror(errno);
    write_all(pipe, std::string_view(pointers[0]));
    write_all(pipe, std::string_view(": "));
    write_all(pipe, std::string_view(reason));
    ::_exit(127);
  };
  return fork_and_collect(in_child, limits.seconds);
}

}  // namespace deepaxe::base
