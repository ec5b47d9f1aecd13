#include "deepaxe/hw/synthesis/cell_counts.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <initializer_list>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/hw/cost/multiplier_luts.h"

namespace deepaxe::hw::synthesis {
namespace {

std::vector<std::string_view> split_words(std::string_view line) {
  std::vector<std::string_view> words;
  for (std::size_t at = 0; (at = line.find_first_not_of(" \t\r", at)) != std::string_view::npos;) {
    const std::size_t end = std::min(line.find_first_of(" \t\r", at), line.size());
    words.push_back(line.substr(at, end - at));
    at = end;
  }
  return words;
}

bool parse_number(std::string_view word, int& number) {
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), number);
  return error == std::errc() && end == word.data() + word.size() && number >= 0;
}

// Calls visit(line, line number) for each line.
template <typename Visit>
void for_each_line(std::string_view text, Visit visit) {
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    visit(text.substr(0, end), number);
    text.remove_prefix(std::min(end + 1, text.size()));
  }
}

int sum_of(const CellCounts& counts, std::initializer_list<std::string_view> names) {
  int sum = 0;
  for (const std::string_view name : names) sum += counts.count(name);
  return sum;
}

// Flip-flops, DSP slices and block RAM.
cost::Resources countable(const CellCounts& counts) {
  return {.luts = 0,
          .ffs = static_cast<double>(sum_of(counts, {"FDRE", "FDSE", "FDCE", "FDPE"})),
          .dsps = counts.count("DSP48E1"),
          .bram_36kb = counts.count("RAMB36E1") + 0.5 * counts.count("RAMB18E1")};
}

}  // namespace

int CellCounts::count(std::string_view cell) const {
  const auto found = cells.find(std::string(cell));
  return found == cells.end() ? 0 : found->second;
}

CellCounts parse_statistics(std::string_view text, const std::string& file) {
  const std::size_t start = text.rfind("Number of cells:");
  CellCounts counts;
  bool has_lcs = false;
  if (start != std::string_view::npos) {
    for_each_line(text.substr(start), [&](std::string_view line, int) {
      const std::vector<std::string_view> words = split_words(line);
      int number = 0;
      if (words.empty() || !parse_number(words.back(), number)) return;
      if (line.find("Estimated number of LCs:") != std::string_view::npos) {
        counts.lcs = number;
        has_lcs = true;
      } else if (words.size() == 2) {
        counts.cells[std::string(words[0])] = number;
      }
    });
  }
  if (!has_lcs) {
    throw base::InputError(
        {file, "", "no statistics of a module", "the output of yosys' stat -tech xilinx"});
  }
  return counts;
}

std::string to_text(const CellCounts& counts) {
  std::string text = fmt::format("LCS {}\n", counts.lcs);
  for (const auto& [cell, count] : counts.cells) text += fmt::format("{} {}\n", cell, count);
  return text;
}

CellCounts parse_counts(std::string_view text, const std::string& file) {
  CellCounts counts;
  for_each_line(text, [&](std::string_view line, int number) {
    const std::vector<std::string_view> words = split_words(line);
    int count = 0;
    if (words.size() != 2 || !parse_number(words[1], count) ||
        (words[0] == "LCS") != (number == 1)) {
      throw base::InputError({file, fmt::format("line {}", number), "'" + std::string(line) + "'",
                              number == 1 ? "LCS COUNT" : "CELL COUNT"});
    }
    if (number == 1) {
      counts.lcs = count;
    } else {
      counts.cells[std::string(words[0])] = count;
    }
  });
  if (text.empty()) throw base::InputError({file, "line 1", "nothing", "LCS COUNT"});
  return counts;
}

cost::Estimate to_estimate(const CellCounts& counts) {
  const int memory_luts =
      sum_of(counts, {"SRL16E", "SRLC32E", "RAM32X1D", "RAM64X1D", "RAM32M", "RAM64M"});
  const int luts = sum_of(counts, {"LUT1", "LUT2", "LUT3", "LUT4", "LUT5", "LUT6", "INV"});
  cost::Estimate estimate;
  estimate.low = estimate.value = countable(counts);
  estimate.value.luts = luts + memory_luts;
  estimate.high = estimate.value;
  estimate.low.luts = std::min(estimate.value.luts, static_cast<double>(counts.lcs + memory_luts));
  return estimate;
}

cost::Estimate to_multiplier_estimate(const CellCounts& counts) {
  constexpr int kBitsOfChain = 4;  // Of a CARRY4.
  const int carry_lcs = std::min(counts.lcs, kBitsOfChain * counts.count("CARRY4"));
  return cost::to_estimate({.lcs = static_cast<double>(counts.lcs),
                            .carry_lcs = static_cast<double>(carry_lcs),
                            .dsps = counts.count("DSP48E1"),
                            .source = {}});
}

}  // namespace deepaxe::hw::synthesis
