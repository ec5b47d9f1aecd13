// requantizer.v in Icarus Verilog against quant::requantize_to_code.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/scratch_folder.h"
#include "deepaxe/base/tool.h"
#include "deepaxe/hw/verilog/module_text.h"
#include "deepaxe/hw/verilog/rtl.h"
#include "deepaxe/quant/requantize.h"

namespace deepaxe::hw::verilog {
namespace {

using quant::RequantScale;
using quant::Rounding;

constexpr int kSumBits = 24, kShiftBits = 3;
constexpr int kChannels = 1 << kShiftBits;

// Channel c shifts by max_shift - c; mantissas are even powers (ties are hit), the least odd one,
// the largest, and one in between.
struct Case {
  Rounding rounding = Rounding::kDouble;
  int max_shift = 0;
  int zero_point = 0;
  int low = -128;
  int high = 127;
  int interval = 1;

  RequantScale scale(std::size_t channel) const {
    constexpr std::int32_t kMantissas[] = {1 << 30, (1 << 30) + 1,
                                           std::numeric_limits<std::int32_t>::max(), 1'518'500'249};
    return {.mantissa = kMantissas[channel / 2 % 4],
            .shift = max_shift - static_cast<int>(channel)};
  }
};

std::int32_t bias(std::size_t channel) { return channel % 3 == 0 ? 0 : -5; }

// Around 0 every sum, then ones of every size up to the largest; each for all channels.
std::vector<std::int32_t> test_sums() {
  std::vector<std::int32_t> sums;
  for (std::int32_t sum = -300; sum <= 300; ++sum) sums.push_back(sum);
  for (int bit = 9; bit < kSumBits; ++bit) {
    for (const std::int32_t offset : {-3, -1, 0, 1, 4}) {
      const std::int32_t sum = (1 << (bit - 1)) + (1 << (bit - 2)) + offset;
      sums.insert(sums.end(), {sum, -sum});
    }
  }
  sums.insert(sums.end(), {(1 << (kSumBits - 1)) - 1, -(1 << (kSumBits - 1))});
  return sums;
}

constexpr std::string_view kBench = R"(
module bench;
    reg clock = 0, reset = 1, start = 0, sum_valid = 0;
    reg [SUM_BITS-1:0] sums [0:NUM_SUMS-1];
    reg [31:0] biases [0:7];
    reg [30:0] mantissas [0:7];
    reg [SUM_BITS-1:0] sum;
    reg [31:0] bias;
    reg [30:0] mantissa;
    reg [2:0] below;
    wire [2:0] bias_channel, scale_channel;
    wire code_valid;
    wire [7:0] code;
    always #1 clock = !clock;
    always @(posedge clock) begin
        bias     <= biases[bias_channel];
        mantissa <= mantissas[scale_channel];
        below    <= scale_channel;
        if (code_valid) $display("%0d", $signed(code));
    end
    requantizer #(
        .CHANNELS(8), .CHANNEL_BITS(3), .SHIFT_BITS(3), .SUM_BITS(SUM_BITS), .TOTAL_BITS(TOTAL_BITS),
        .INTERVAL(INTERVAL), .ROUND_TWICE(ROUND_TWICE), .MAX_SHIFT(MAX_SHIFT),
        .ZERO_POINT(ZERO_POINT), .CLAMP_LOW(CLAMP_LOW), .CLAMP_HIGH(CLAMP_HIGH)
    ) requantizer (
        .clock(clock), .reset(reset), .start(start), .sum_valid(sum_valid), .sum(sum),
        .bias_channel(bias_channel), .bias(bias), .scale_channel(scale_channel),
        .mantissa(mantissa), .shift_below_max(below), .code_valid(code_valid), .code(code)
    );
    integer i, c;
    initial begin
        $readmemh("sums.hex", sums);
        $readmemh("biases.hex", biases);
        $readmemh("mantissas.hex", mantissas);
        repeat (3) @(negedge clock);
        reset = 0;
        start = 1;
        @(negedge clock) start = 0;
        for (i = 0; i < NUM_SUMS; i = i + 1) for (c = 0; c < 8; c = c + 1) begin
            sum_valid = 1;
            sum = sums[i];
            @(negedge clock) sum_valid = 0;
            repeat (INTERVAL - 1) @(negedge clock);
        end
        repeat (INTERVAL + 8) @(negedge clock);
        $finish;
    end
endmodule
)";

std::string bench_text(const Case& c, std::size_t num_sums) {
  std::string text;
  const auto define = [&](std::string_view name, std::int64_t value) {
    text += fmt::format("    localparam {} = {};\n", name, value);
  };
  define("NUM_SUMS", static_cast<std::int64_t>(num_sums));
  define("SUM_BITS", kSumBits);
  define("TOTAL_BITS", 25);
  define("INTERVAL", c.interval);
  define("ROUND_TWICE", c.rounding == Rounding::kDouble ? 1 : 0);
  define("MAX_SHIFT", c.max_shift);
  define("ZERO_POINT", c.zero_point);
  define("CLAMP_LOW", c.low);
  define("CLAMP_HIGH", c.high);
  const std::string head = "\nmodule bench;\n";
  return "module bench;\n" + text + std::string(kBench.substr(head.size()));
}

template <typename Values>
std::string hex_file(const Values& values, int bits) {
  std::string text;
  for (const std::int64_t value : values) text += hex_text(value, bits) + '\n';
  return text;
}

std::vector<int> simulated_codes(const Case& c, const std::vector<std::int32_t>& sums) {
  const base::ScratchFolder folder("deepaxe-requantizer");
  std::vector<std::int32_t> biases, mantissas;
  for (std::size_t channel = 0; channel < kChannels; ++channel) {
    biases.push_back(bias(channel));
    mantissas.push_back(c.scale(channel).mantissa);
  }
  const auto write = [&](const std::string& name, std::string_view text) {
    base::write_file_atomically(folder.path() / name, text);
  };
  write("sums.hex", hex_file(sums, kSumBits));
  write("biases.hex", hex_file(biases, 32));
  write("mantissas.hex", hex_file(mantissas, 31));
  write("bench.v", bench_text(c, sums.size()));
  const auto module = std::ranges::find(rtl_files(), std::string_view("requantizer.v"),
                                        [](const auto& file) { return file.first; });
  write("requantizer.v", module->second);
  std::istringstream output(base::run_tool(
      {"sh", "-c",
       "cd " + folder.path().string() + " && iverilog -o bench bench.v requantizer.v && ./bench"},
      300, ""));
  std::vector<int> codes;
  for (int code = 0; output >> code;) codes.push_back(code);
  return codes;
}

class Requantizer : public testing::TestWithParam<Case> {};

TEST_P(Requantizer, GivesTheCodesOfTheNormativeArithmetic) {
  if (!base::has_tool("iverilog", "-V")) GTEST_SKIP() << "iverilog is not installed";
  const Case& c = GetParam();
  const std::vector<std::int32_t> sums = test_sums();
  const std::vector<int> codes = simulated_codes(c, sums);
  ASSERT_EQ(codes.size(), sums.size() * kChannels);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::size_t channel = i % kChannels;
    const std::int32_t total = sums[i / kChannels] + bias(channel);
    ASSERT_EQ(codes[i], quant::requantize_to_code(total, c.scale(channel), c.rounding, c.zero_point,
                                                  c.low, c.high))
        << total << " in channel " << channel;
  }
}

// Of every rounding: shifts around 0, to the left, and so far that few bits are left; zero points
// at either end; bounds that are closer than those of a byte, on either side of the zero point.
std::vector<Case> cases() {
  std::vector<Case> all;
  for (const Rounding rounding : {Rounding::kDouble, Rounding::kSingle}) {
    for (const int max_shift : {0, 3, 10, -1, -6, -14, -24}) {
      all.push_back({.rounding = rounding, .max_shift = max_shift});
    }
    all.push_back({.rounding = rounding, .max_shift = -1, .zero_point = -128, .interval = 2});
    all.push_back({.rounding = rounding, .max_shift = -2, .zero_point = 127, .interval = 31});
    all.push_back({.rounding = rounding, .max_shift = 1, .zero_point = 5, .low = 5, .high = 60});
    all.push_back({.rounding = rounding, .zero_point = 100, .low = -20, .high = 20, .interval = 3});
  }
  return all;
}

std::string name_of(const testing::TestParamInfo<Case>& param) {
  const Case& c = param.param;
  std::string name = fmt::format("{}_{}_{}_{}", c.rounding == Rounding::kDouble ? "twice" : "once",
                                 c.max_shift, c.zero_point, c.interval);
  std::ranges::replace(name, '-', 'm');
  return name;
}

INSTANTIATE_TEST_SUITE_P(Shifts, Requantizer, testing::ValuesIn(cases()), name_of);

}  // namespace
}  // namespace deepaxe::hw::verilog
