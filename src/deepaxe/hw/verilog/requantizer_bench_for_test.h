// Requantizers of any settings in one simulation by Icarus Verilog.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/scratch_folder.h"
#include "deepaxe/base/tool.h"
#include "deepaxe/hw/verilog/module_text.h"
#include "deepaxe/hw/verilog/rtl.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::hw::verilog {

/// What one requantizer is, and what comes to it: sums[i] is of channel i modulo the channels.
struct RequantizerCase {
  int sum_bits = 24, bias_bits = 32, total_bits = 25, shift_bits = 3;
  int interval = 1;
  quant::Rounding rounding = quant::Rounding::kDouble;
  int zero_point = 0, low = -128, high = 127;
  int max_shift = 0;
  std::vector<quant::RequantScale> scales =
      {};                                 ///< By channel; none shifts by more than max_shift.
  std::vector<std::int32_t> biases = {};  ///< By channel.
  std::vector<std::int32_t> sums = {};

  std::size_t channel(std::size_t sum) const { return sum % scales.size(); }
  /// By the normative arithmetic; sum and bias add up modulo 2^32.
  std::vector<int> expected_codes() const {
    std::vector<int> codes;
    for (std::size_t i = 0; i < sums.size(); ++i) {
      const std::int64_t total = std::int64_t{sums[i]} + biases[channel(i)];
      codes.push_back(quant::requantize_to_code(
          static_cast<std::int32_t>(total), scales[channel(i)], rounding, zero_point, low, high));
    }
    return codes;
  }
};

namespace requantizer_bench {

// One requantizer with its memories; it stops its clock when all sums are through.
constexpr std::string_view kUnit = R"(
module unit #(
    parameter INDEX = 0, FILES = "", NUM_SUMS = 1, CHANNELS = 1, CHANNEL_BITS = 1, SUM_BITS = 1,
    parameter BIAS_BITS = 1, TOTAL_BITS = 1, SHIFT_BITS = 1, INTERVAL = 1, ROUND_TWICE = 0,
    parameter MAX_SHIFT = 0, ZERO_POINT = 0, CLAMP_LOW = 0, CLAMP_HIGH = 0
);
    reg clock = 0, reset = 1, start = 0, sum_valid = 0;
    reg [SUM_BITS-1:0] sums [0:NUM_SUMS-1];
    reg [BIAS_BITS-1:0] biases [0:CHANNELS-1];
    reg [30:0] mantissas [0:CHANNELS-1];
    reg [SHIFT_BITS-1:0] shifts [0:CHANNELS-1];
    reg [SUM_BITS-1:0] sum;
    reg [BIAS_BITS-1:0] bias;
    reg [30:0] mantissa;
    reg [SHIFT_BITS-1:0] below;
    wire [CHANNEL_BITS-1:0] bias_channel, scale_channel;
    wire code_valid;
    wire [7:0] code;
    integer i, left = 1;
    always @(posedge clock) begin
        bias     <= biases[bias_channel];
        mantissa <= mantissas[scale_channel];
        below    <= shifts[scale_channel];
        if (code_valid) $display("%0d %0d", INDEX, $signed(code));
    end
    requantizer #(
        .CHANNELS(CHANNELS), .CHANNEL_BITS(CHANNEL_BITS), .SHIFT_BITS(SHIFT_BITS),
        .SUM_BITS(SUM_BITS), .BIAS_BITS(BIAS_BITS), .TOTAL_BITS(TOTAL_BITS), .INTERVAL(INTERVAL),
        .ROUND_TWICE(ROUND_TWICE), .MAX_SHIFT(MAX_SHIFT), .ZERO_POINT(ZERO_POINT),
        .CLAMP_LOW(CLAMP_LOW), .CLAMP_HIGH(CLAMP_HIGH)
    ) requantizer (
        .clock(clock), .reset(reset), .start(start), .sum_valid(sum_valid), .sum(sum),
        .bias_channel(bias_channel), .bias(bias), .scale_channel(scale_channel),
        .mantissa(mantissa), .shift_below_max(below), .code_valid(code_valid), .code(code)
    );
    initial while (left != 0) #1 clock = !clock;
    initial begin
        $readmemh({FILES, "sums.hex"}, sums);
        $readmemh({FILES, "biases.hex"}, biases);
        $readmemh({FILES, "mantissas.hex"}, mantissas);
        $readmemh({FILES, "shifts.hex"}, shifts);
        repeat (3) @(negedge clock);
        reset = 0;
        start = 1;
        @(negedge clock) start = 0;
        for (i = 0; i < NUM_SUMS; i = i + 1) begin
            sum_valid = 1;
            sum = sums[i];
            @(negedge clock) sum_valid = 0;
            repeat (INTERVAL - 1) @(negedge clock);
        end
        repeat (INTERVAL + 8) @(negedge clock);
        left = 0;
    end
endmodule
)";

inline std::string unit_text(const RequantizerCase& c, std::size_t index) {
  const auto number = [](std::int64_t value) { return fmt::format("{}", value); };
  const auto channels = static_cast<std::int64_t>(c.scales.size());
  return instance_text("unit", fmt::format("unit_{}", index),
                       {{"INDEX", number(static_cast<std::int64_t>(index))},
                        {"FILES", fmt::format("\"{}_\"", index)},
                        {"NUM_SUMS", number(static_cast<std::int64_t>(c.sums.size()))},
                        {"CHANNELS", number(channels)},
                        {"CHANNEL_BITS", number(index_bits(channels))},
                        {"SUM_BITS", number(c.sum_bits)},
                        {"BIAS_BITS", number(c.bias_bits)},
                        {"TOTAL_BITS", number(c.total_bits)},
                        {"SHIFT_BITS", number(c.shift_bits)},
                        {"INTERVAL", number(c.interval)},
                        {"ROUND_TWICE", c.rounding == quant::Rounding::kDouble ? "1" : "0"},
                        {"MAX_SHIFT", number(c.max_shift)},
                        {"ZERO_POINT", number(c.zero_point)},
                        {"CLAMP_LOW", number(c.low)},
                        {"CLAMP_HIGH", number(c.high)}},
                       {});
}

template <typename Values, typename Project>
void write_memory(const std::filesystem::path& file, const Values& values, int bits,
                  Project project) {
  std::string text;
  for (const auto& value : values) text += hex_text(project(value), bits) + '\n';
  base::write_file_atomically(file, std::string_view(text));
}

inline void write_memories(const std::filesystem::path& folder, const RequantizerCase& c,
                           std::size_t index) {
  const auto file = [&](const char* what) {
    return folder / fmt::format("{}_{}.hex", index, what);
  };
  const auto same = [](std::int32_t value) { return std::int64_t{value}; };
  write_memory(file("sums"), c.sums, c.sum_bits, same);
  write_memory(file("biases"), c.biases, c.bias_bits, same);
  write_memory(file("mantissas"), c.scales, 31,
               [](const quant::RequantScale& scale) { return std::int64_t{scale.mantissa}; });
  write_memory(file("shifts"), c.scales, c.shift_bits, [&](const quant::RequantScale& scale) {
    return std::int64_t{scale.mantissa == 0 ? 0 : c.max_shift - scale.shift};
  });
}

}  // namespace requantizer_bench

/// The codes of each case, in order.
inline std::vector<std::vector<int>> simulated_codes(const std::vector<RequantizerCase>& cases) {
  const base::ScratchFolder folder("deepaxe-requantizer");
  std::string bench = "module bench;\n";
  for (std::size_t i = 0; i < cases.size(); ++i) {
    bench += requantizer_bench::unit_text(cases[i], i);
    requantizer_bench::write_memories(folder.path(), cases[i], i);
  }
  bench += "endmodule\n" + std::string(requantizer_bench::kUnit);
  const auto module = std::ranges::find(rtl_files(), std::string_view("requantizer.v"),
                                        [](const auto& file) { return file.first; });
  base::write_file_atomically(folder.path() / "bench.v", std::string_view(bench));
  base::write_file_atomically(folder.path() / "requantizer.v", module->second);
  std::istringstream output(
      base::run_tool({"sh", "-c",
                      "cd " + folder.path().string() +
                          " && iverilog -s bench -o bench bench.v requantizer.v && ./bench"},
                     300, ""));
  std::vector<std::vector<int>> codes(cases.size());
  for (std::size_t index = 0; output >> index;) {
    int code = 0;
    output >> code;
    codes.at(index).push_back(code);
  }
  return codes;
}

}  // namespace deepaxe::hw::verilog
