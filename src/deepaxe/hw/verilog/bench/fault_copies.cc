// Copies of a running simulation for fault_bench.sv: each is a process of its own, made by fork at
// the cycle of its fault, and writes one line of results:
//
//   NUMBER hang LASTS                                    the logits never came
//   NUMBER done LASTS CYCLES WRONG_FRAME LOGIT...        CYCLES as the accelerator's register says
//
// LASTS: the same image, sent once more without a reset, does not give what it should.
// WRONG_FRAME: TLAST at another logit than the last, or an error bit in the status register.
#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstddef>
#include <cstdio>
#include <string>
#include <vector>

namespace {

struct Fault {
  long number;
  int cycle, place, word, bit;
};

struct Campaign {
  std::vector<Fault> faults;
  std::size_t next = 0;
  int results = -1;
  int most_copies = 1, copies = 0, crashed = 0;
  std::string line;  // Of this copy.
};

Campaign campaign;

void wait_for_one() {
  int status = 0;
  if (::wait(&status) < 0 || status != 0) ++campaign.crashed;
  --campaign.copies;
}

}  // namespace

extern "C" int faults_open(const char* faults, const char* results, int jobs) {
  std::FILE* file = std::fopen(faults, "r");
  if (file == nullptr) return 1;
  Fault fault;
  while (std::fscanf(file, "%ld %d %d %d %d", &fault.number, &fault.cycle, &fault.place,
                     &fault.word, &fault.bit) == 5) {
    campaign.faults.push_back(fault);
  }
  std::fclose(file);
  campaign.results = ::open(results, O_WRONLY | O_CREAT | O_APPEND | O_TRUNC, 0666);
  campaign.most_copies = jobs;
  return campaign.results < 0 || campaign.faults.empty();
}

extern "C" int faults_next_cycle() {
  return campaign.next < campaign.faults.size() ? campaign.faults[campaign.next].cycle : 0x7fffffff;
}

extern "C" int faults_try(int* cycle, int* place, int* word, int* bit) {
  const Fault& fault = campaign.faults[campaign.next++];
  if (campaign.copies == campaign.most_copies) wait_for_one();
  std::fflush(nullptr);  // Or both processes would write what stands in the buffers.
  const pid_t copy = ::fork();
  if (copy != 0) {
    if (copy > 0) ++campaign.copies;
    if (copy < 0) ++campaign.crashed;
    return 0;
  }
  *cycle = fault.cycle;
  *place = fault.place;
  *word = fault.word;
  *bit = fault.bit;
  campaign.line = std::to_string(fault.number);
  return 1;
}

namespace {
std::string logits;
}

extern "C" void faults_logit(int code) { logits += " " + std::to_string(code); }

extern "C" void faults_image_done(int cycles, int wrong_frame) {
  logits = " " + std::to_string(cycles) + " " + std::to_string(wrong_frame) + logits;
}

extern "C" void faults_end(int hangs, int lasts) {
  std::string& line = campaign.line;
  line += (hangs != 0 ? " hang " : " done ") + std::to_string(lasts);
  if (hangs == 0) line += logits;
  line += "\n";
  // One write to a file opened for appending: lines of copies do not mix.
  const bool whole =
      ::write(campaign.results, line.data(), line.size()) == static_cast<ssize_t>(line.size());
  ::_exit(whole ? 0 : 1);  // Not exit: what the simulator would undo belongs to the first process.
}

extern "C" int faults_wait() {
  while (campaign.copies > 0) wait_for_one();
  return campaign.crashed;
}
