#include "deepaxe/cli/residency_options.h"

#include <algorithm>
#include <charconv>

#include "deepaxe/base/input_error.h"
#include "deepaxe/cli/command.h"
#include "deepaxe/cli/hardware_options.h"
#include "deepaxe/hw/design/residency.h"

namespace deepaxe::cli {
namespace {

double parse_share(const std::string& item, std::size_t equals) {
  double share = 0;
  const char* const last = item.data() + item.size();
  const char* const first = equals == std::string::npos ? last : item.data() + equals + 1;
  const auto [end, error] = std::from_chars(first, last, share);
  if (error != std::errc() || end != last || !(share >= 0 && share <= 1)) {
    throw base::InputError({"--residency", "", "'" + item + "'",
                            "cycles, uniform, or LAYER=SHARE with a share from 0 to 1"});
  }
  return share;
}

void parse(const std::vector<std::string>& items, ResidencyArguments& arguments) {
  if (items.size() == 1 && (items.front() == "cycles" || items.front() == "uniform")) {
    arguments.by_cycles = items.front() == "cycles";
    return;
  }
  for (const std::string& item : items) {
    const std::size_t equals = item.find('=');
    const double share = parse_share(item, equals);
    if (!arguments.shares.emplace(item.substr(0, equals), share).second) {
      throw base::InputError({"--residency", "", "'" + item + "' after another share of that layer",
                              "each layer once"});
    }
  }
}

void require_layers(const std::map<std::string, double>& shares, const fault::FaultSpace& space) {
  for (const auto& [layer, share] : shares) {
    if (std::ranges::any_of(space.tensors(), [&layer = layer](const fault::FaultTensor& tensor) {
          return tensor.target == fault::Target::kActivation && tensor.name == layer;
        })) {
      continue;
    }
    throw base::InputError(
        {"--residency", layer, "no such stored activation", "a layer of the fault space"});
  }
}

}  // namespace

void add_residency_options(CLI::App& command, ResidencyArguments& arguments) {
  command
      .add_option_function<std::vector<std::string>>(
          "--residency",
          [&arguments](const std::vector<std::string>& items) { parse(items, arguments); },
          "For --fit-per-mbit, the share of the time that activations are live: uniform (always, "
          "the default), cycles (of the generated engine with --parallel outputs at once), or "
          "LAYER=SHARE,...")
      ->delimiter(',');
  add_schedule_option(command, arguments.schedule, "For --residency cycles, ");
}

std::vector<double> residencies(const ResidencyArguments& arguments, const model::Int8Model& model,
                                const fault::FaultSpace& space, int parallel_outputs) {
  require_layers(arguments.shares, space);
  const auto schedule = known(hw::cost::parse_image_schedule(arguments.schedule));
  std::vector<double> by_node;
  if (arguments.by_cycles) {
    const std::vector<int> outputs(model::computing_nodes(model).size(), parallel_outputs);
    by_node = schedule == hw::design::ImageSchedule::kPipelined
                  ? hw::design::pipelined_live_codes(model, outputs)
                  : hw::design::live_shares(model, outputs);
  }
  std::vector<double> residency;
  for (const fault::FaultTensor& tensor : space.tensors()) {
    residency.push_back(1);  // Parameters are always live.
    if (tensor.target != fault::Target::kActivation) continue;
    if (arguments.by_cycles) {
      residency.back() = by_node[static_cast<std::size_t>(tensor.node)];
    } else if (const auto given = arguments.shares.find(tensor.name);
               given != arguments.shares.end()) {
      residency.back() = given->second;
    }
  }
  return residency;
}

}  // namespace deepaxe::cli
