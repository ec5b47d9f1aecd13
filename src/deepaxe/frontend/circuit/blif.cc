#include "deepaxe/frontend/circuit/blif.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/frontend/circuit/gate_writer.h"

namespace deepaxe::frontend::circuit {
namespace {

struct Cube {
  std::string inputs;  // '0', '1', '-' for each input of the cover.
  char output = '1';
};

// The cover of one net: a sum of products.
struct Cover {
  std::vector<std::string> inputs;
  std::string output;
  std::vector<Cube> cubes;
  int line = 0;
};

struct Model {
  std::string name;
  std::vector<std::string> inputs, outputs;
  std::vector<Cover> covers;
};

struct Line {
  std::vector<std::string> words;
  int number = 0;
};

[[noreturn]] void fail(const std::string& file, int line, const std::string& found,
                       const std::string& expected) {
  throw base::InputError({file, "line " + std::to_string(line), found, expected});
}

// Lines without comments, joined where one ends in a backslash; no empty ones.
std::vector<Line> split_lines(std::string_view text) {
  std::vector<Line> lines;
  bool goes_on = false;
  for (int number = 1; !text.empty(); ++number) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    if (!goes_on) lines.push_back({{}, number});
    const std::size_t last = line.find_last_not_of(" \t\r");
    goes_on = last != std::string_view::npos && line[last] == '\\';
    if (goes_on) line = line.substr(0, last);
    while (true) {
      const std::size_t begin = line.find_first_not_of(" \t\r");
      if (begin == std::string_view::npos) break;
      const std::size_t stop = std::min(line.find_first_of(" \t\r", begin), line.size());
      lines.back().words.emplace_back(line.substr(begin, stop - begin));
      line.remove_prefix(stop);
    }
    if (!goes_on && lines.back().words.empty()) lines.pop_back();
  }
  return lines;
}

class ModelParser {
 public:
  ModelParser(const std::string& file, std::string_view text)
      : file_(file), lines_(split_lines(text)) {}

  Model parse() {
    for (const Line& line : lines_) {
      if (has_ended_) fail(file_, line.number, "'" + line.words[0] + "'", "nothing after .end");
      if (line.words[0].starts_with('.')) {
        command(line);
      } else {
        cube(line);
      }
    }
    if (model_.name.empty()) fail(file_, 1, "no model", ".model NAME");
    return std::move(model_);
  }

 private:
  void command(const Line& line) {
    const std::string& word = line.words[0];
    is_cover_ = word == ".names";
    if (word == ".model" && line.words.size() == 2 && model_.name.empty()) {
      model_.name = line.words[1];
    } else if (word == ".inputs") {
      model_.inputs.insert(model_.inputs.end(), line.words.begin() + 1, line.words.end());
    } else if (word == ".outputs") {
      model_.outputs.insert(model_.outputs.end(), line.words.begin() + 1, line.words.end());
    } else if (word == ".names" && line.words.size() >= 2) {
      model_.covers.push_back({.inputs = {line.words.begin() + 1, line.words.end() - 1},
                               .output = line.words.back(),
                               .cubes = {},
                               .line = line.number});
    } else if (word == ".end" && line.words.size() == 1) {
      has_ended_ = true;
    } else {
      fail(file_, line.number, "'" + word.substr(0, 40) + "'",
           "one .model with .inputs, .outputs, .names and .end");
    }
  }

  void cube(const Line& line) {
    if (!is_cover_) fail(file_, line.number, "'" + line.words[0].substr(0, 40) + "'", "a command");
    Cover& cover = model_.covers.back();
    Cube cube;
    if (line.words.size() == 2) cube.inputs = line.words[0];
    const std::string& output = line.words.back();
    const bool is_right = line.words.size() <= 2 && (output == "0" || output == "1") &&
                          cube.inputs.size() == cover.inputs.size() &&
                          cube.inputs.find_first_not_of("01-") == std::string::npos;
    if (!is_right) {
      fail(file_, line.number, "another cube",
           std::to_string(cover.inputs.size()) + " of 0, 1, -, and 0 or 1");
    }
    cube.output = output[0];
    if (!cover.cubes.empty() && cover.cubes.front().output != cube.output) {
      fail(file_, line.number, "a cube of 0 and one of 1", "cubes of one value");
    }
    cover.cubes.push_back(std::move(cube));
  }

  const std::string& file_;
  std::vector<Line> lines_;
  Model model_;
  bool is_cover_ = false;
  bool has_ended_ = false;
};

// "a[3]", "a_3", "a<3>" and "a3" are bit 3 of a.
std::optional<std::pair<std::string, std::size_t>> split_index(std::string_view name) {
  if (name.ends_with(']') || name.ends_with('>')) name.remove_suffix(1);
  std::size_t begin = name.size();
  while (begin > 0 && std::isdigit(static_cast<unsigned char>(name[begin - 1])) != 0) --begin;
  std::size_t index = 0;
  const auto [end, error] = std::from_chars(name.data() + begin, name.data() + name.size(), index);
  if (error != std::errc() || end != name.data() + name.size()) return std::nullopt;
  std::string_view group = name.substr(0, begin);
  if (!group.empty() && std::string_view("[<_").find(group.back()) != std::string_view::npos) {
    group.remove_suffix(1);
  }
  return std::pair{std::string(group), index};
}

// Sorts 16 names into groups of `size` by index, groups as first seen; false if they are no such
// groups, and then nothing changes.
bool sort_by_index(std::vector<std::string>& names, std::size_t size) {
  std::vector<std::string> groups;
  std::vector<std::string> sorted(names.size());
  for (const std::string& name : names) {
    const auto split = split_index(name);
    if (!split || split->second >= size) return false;
    auto group = std::ranges::find(groups, split->first);
    if (group == groups.end()) group = groups.insert(group, split->first);
    const std::size_t at = static_cast<std::size_t>(group - groups.begin()) * size + split->second;
    if (at >= sorted.size() || !sorted[at].empty()) return false;
    sorted[at] = name;
  }
  const auto is_called = [&](std::size_t group, char letter) {
    return groups[group].size() == 1 &&
           std::tolower(static_cast<unsigned char>(groups[group][0])) == letter;
  };
  if (groups.size() == 2 && is_called(0, 'b') && is_called(1, 'a')) {
    std::rotate(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(size), sorted.end());
  }
  names = std::move(sorted);
  return true;
}

// The function of a cover of two inputs: bit i is its value where they are i % 2 and i / 2.
unsigned truth_table(const Cover& cover) {
  unsigned table = 0;
  for (unsigned i = 0; i < 4; ++i) {
    const char inputs[] = {i % 2 == 0 ? '0' : '1', i / 2 == 0 ? '0' : '1'};
    const bool is_covered = std::ranges::any_of(cover.cubes, [&](const Cube& cube) {
      return (cube.inputs[0] == '-' || cube.inputs[0] == inputs[0]) &&
             (cube.inputs[1] == '-' || cube.inputs[1] == inputs[1]);
    });
    if (is_covered == (cover.cubes.front().output == '1')) table |= 1U << i;
  }
  return table;
}

// Nets by name; covers are evaluated once their inputs are known.
class Evaluator {
 public:
  Evaluator(const std::string& file, const Model& model)
      : file_(file), model_(model), gates_(file) {}

  arith::Netlist run() {
    for (std::size_t i = 0; i < model_.inputs.size(); ++i) {
      if (!nets_.try_emplace(model_.inputs[i], static_cast<Net>(i)).second) {
        fail(file_, 1, "input " + model_.inputs[i] + " twice", "16 different inputs");
      }
    }
    plan();
    for (; !ready_.empty(); ready_.pop_front()) evaluate(model_.covers[ready_.front()]);
    Word outputs;
    for (const std::string& name : model_.outputs) {
      const auto found = nets_.find(name);
      if (found == nets_.end()) refuse_unknown(name);
      outputs.push_back(found->second);
    }
    return gates_.netlist(outputs);
  }

 private:
  void plan() {
    num_unknown_.resize(model_.covers.size());
    for (std::size_t i = 0; i < model_.covers.size(); ++i) {
      const Cover& cover = model_.covers[i];
      if (nets_.contains(cover.output) || !driven_.try_emplace(cover.output, i).second) {
        fail(file_, cover.line, "a second driver of " + cover.output, "one driver of every net");
      }
      for (const std::string& input : cover.inputs) {
        if (nets_.contains(input)) continue;
        readers_[input].push_back(i);
        ++num_unknown_[i];
      }
      if (num_unknown_[i] == 0) ready_.push_back(i);
    }
  }

  void evaluate(const Cover& cover) {
    Word inputs;
    for (const std::string& input : cover.inputs) inputs.push_back(nets_.at(input));
    const bool is_pair = inputs.size() == 2 && !cover.cubes.empty();
    const std::optional<Net> gate =
        is_pair ? find_gate(truth_table(cover), inputs[0], inputs[1]) : std::nullopt;
    nets_[cover.output] = gate ? *gate : sum_of_products(cover, inputs);
    for (const std::size_t reader : readers_[cover.output]) {
      if (--num_unknown_[reader] == 0) ready_.push_back(reader);
    }
  }

  // A gate of two inputs that computes this truth table, if it has one gate.
  std::optional<Net> find_gate(unsigned table, Net a, Net b) {
    switch (table) {
      case 0b1000:
        return gates_.bit_and(a, b);
      case 0b1110:
        return gates_.bit_or(a, b);
      case 0b0110:
        return gates_.bit_xor(a, b);
      case 0b0111:
        return gates_.bit_not(gates_.bit_and(a, b));
      case 0b0001:
        return gates_.bit_not(gates_.bit_or(a, b));
      case 0b1001:
        return gates_.bit_not(gates_.bit_xor(a, b));
      default:
        return std::nullopt;
    }
  }

  Net sum_of_products(const Cover& cover, const Word& inputs) {
    Net sum = kZero;
    for (const Cube& cube : cover.cubes) {
      Net product = kOne;
      for (std::size_t i = 0; i < inputs.size(); ++i) {
        if (cube.inputs[i] == '-') continue;
        const Net literal = cube.inputs[i] == '1' ? inputs[i] : gates_.bit_not(inputs[i]);
        product = gates_.bit_and(product, literal);
      }
      sum = gates_.bit_or(sum, product);
    }
    const bool is_complement = !cover.cubes.empty() && cover.cubes.front().output == '0';
    return is_complement ? gates_.bit_not(sum) : sum;
  }

  // Follows what is missing from an output to a net without a driver, or around a loop.
  [[noreturn]] void refuse_unknown(std::string name) const {
    for (std::size_t step = 0; step <= model_.covers.size(); ++step) {
      const auto driver = driven_.find(name);
      if (driver == driven_.end()) {
        fail(file_, 1, "net " + name + " without a driver", "an input or .names");
      }
      const Cover& cover = model_.covers[driver->second];
      name = *std::ranges::find_if(cover.inputs, [&](const auto& n) { return !nets_.contains(n); });
    }
    fail(file_, model_.covers[driven_.at(name)].line, "a combinational loop",
         "a circuit without memory");
  }

  const std::string& file_;
  const Model& model_;
  GateWriter gates_;
  std::map<std::string, Net> nets_;
  std::map<std::string, std::size_t> driven_;                // Cover by its output.
  std::map<std::string, std::vector<std::size_t>> readers_;  // Covers by a net they wait for.
  std::vector<std::size_t> num_unknown_;
  std::deque<std::size_t> ready_;
};

}  // namespace

Circuit parse_blif(std::string_view text, const Source& source) {
  Model model = ModelParser(source.file, text).parse();
  if (model.inputs.size() != 16 || model.outputs.size() != 16) {
    throw base::InputError({source.file, "model " + model.name,
                            std::to_string(model.inputs.size()) + " inputs and " +
                                std::to_string(model.outputs.size()) + " outputs",
                            "16 and 16"});
  }
  sort_by_index(model.inputs, 8);
  sort_by_index(model.outputs, 16);
  Circuit circuit{.format = Format::kBlif, .table = {}, .netlist = std::nullopt, .claims = {}};
  const Signedness signedness = decide(source, {}, model.name);
  circuit.netlist = Evaluator(source.file, model).run();
  circuit.table = tabulate(*circuit.netlist, signedness);
  return circuit;
}

}  // namespace deepaxe::frontend::circuit
