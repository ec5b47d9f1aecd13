// What generated HLS folders give to other tools: black boxes simulated in Icarus Verilog, and
// vitis.tcl run by tclsh with the commands of Vitis HLS replaced by ones that print themselves.
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "deepaxe/arith/library.h"
#include "deepaxe/base/child.h"
#include "deepaxe/base/file.h"
#include "generated_hls.h"
#include "random_networks.h"

namespace deepaxe::hw::hls {
namespace {

namespace fs = std::filesystem;

// Every pair of operands, one a cycle; in two of three cycles nobody takes the product. Prints the
// products that are taken, in the order in which their operands were accepted.
constexpr std::string_view kBlackBoxBench = R"(module bench;
    reg ap_clk = 0, ap_rst = 1, ap_start = 0;
    reg [16:0] next = 0, taken = 0;
    reg [1:0] phase = 0;
    wire ap_idle, ap_ready, ap_done;
    wire ap_continue = phase == 0;
    wire [15:0] ap_return;
    integer file;
    multiply_1KVP dut (
        .ap_clk(ap_clk), .ap_rst(ap_rst), .ap_ce(1'b1), .ap_start(ap_start),
        .ap_continue(ap_continue), .ap_idle(ap_idle), .ap_ready(ap_ready), .ap_done(ap_done),
        .a(next[15:8]), .b(next[7:0]), .ap_return(ap_return)
    );
    always #1 ap_clk = !ap_clk;
    initial begin
        file = $fopen("products.hex", "w");
        #4 @(negedge ap_clk) begin ap_rst = 0; ap_start = 1; end
    end
    always @(posedge ap_clk) if (!ap_rst) begin
        phase <= phase == 2 ? 0 : phase + 1;
        if (ap_ready) begin
            next <= next + 1;
            if (next == 65535) ap_start <= 0;
        end
        if (ap_done && ap_continue) begin
            $fdisplay(file, "%h", ap_return);
            taken <= taken + 1;
            if (taken == 65535) $finish;
        end
    end
endmodule
)";

TEST(BlackBox, ModuleGivesEveryProductWhateverTheHandshake) {
  if (base::run_program({"iverilog", "-V"}, {}).exit_code != 0) {
    GTEST_SKIP() << "iverilog is not installed";
  }
  const GeneratedHls design(tiny_network(), "1KVP", {.form = MultiplierForm::kRtl});
  base::write_file_atomically(design.folder() / "bench.v", kBlackBoxBench);
  const std::string folder = design.folder().string();
  const auto run = base::run_program(
      {"sh", "-c", "cd " + folder + " && iverilog -o bench bench.v multiply_1KVP.v && vvp bench"},
      {.seconds = 120});
  ASSERT_EQ(run.exit_code, 0);
  // In the order of bit patterns, as Multiplier::index.
  const auto products = arith::find_multiplier("1KVP")->multiplier.products();
  std::ifstream stream(design.folder() / "products.hex");
  std::vector<std::int16_t> answer;
  for (std::string line; std::getline(stream, line);) {
    answer.push_back(static_cast<std::int16_t>(std::stoi(line, nullptr, 16)));
  }
  EXPECT_TRUE(std::ranges::equal(answer, products));
}

TEST(BlackBox, DescriptionNamesThePortsOfTheModuleAndFilesThatAreThere) {
  const GeneratedHls design(tiny_network(), "1KVP", {.form = MultiplierForm::kRtl});
  const auto json = nlohmann::json::parse(design.files().at("multiply_1KVP.json"));
  const std::string& module = design.files().at(json["rtl_files"][0].get<std::string>());
  EXPECT_TRUE(design.files().contains(json["c_files"][0]["c_file"].get<std::string>()));
  EXPECT_NE(module.find("module " + json["rtl_top_module_name"].get<std::string>() + " ("),
            std::string::npos);
  std::vector<std::string> ports = {json["c_return"]["rtl_ports"]["data_write_out"]};
  for (const auto& parameter : json["c_parameters"]) {
    ports.push_back(parameter["rtl_ports"]["data_read_in"]);
  }
  for (const auto& [signal, port] : json["rtl_common_signal"].items()) ports.push_back(port);
  for (const std::string& port : ports) {
    EXPECT_NE(module.find(" " + port + (port == "ap_return" ? "\n" : ",")), std::string::npos)
        << port;
  }
}

// Commands of Vitis HLS that print themselves; files that are added must be there.
constexpr std::string_view kStubs = R"(
foreach name {open_project set_top open_solution set_part create_clock csim_design csynth_design
              cosim_design export_design} {
    proc $name args "puts \"$name \$args\""
}
proc add_files args {
    puts "add_files $args"
    foreach word $args {
        if {[regexp {\.(cpp|txt|json)$} $word] && ![file exists $word]} { error "no file $word" }
    }
}
)";

// Runs vitis.tcl in the design's `build`, with more variables in its environment.
MakeResult run_script(const GeneratedHls& design, const std::string& environment) {
  const fs::path build = design.folder() / "build";
  fs::create_directories(build);
  base::write_file_atomically(build / "stubs.tcl", std::string(kStubs) + "source ../vitis.tcl\n");
  const auto run = base::run_program(
      {"sh", "-c", "cd " + build.string() + " && " + environment + " tclsh stubs.tcl 2>&1"}, {});
  return {run.exit_code, {reinterpret_cast<const char*>(run.output.data()), run.output.size()}};
}

class VitisScript : public testing::Test {
 protected:
  void SetUp() override {
    if (base::run_program({"sh", "-c", "command -v tclsh"}, {}).exit_code != 0) {
      GTEST_SKIP() << "tclsh is not installed";
    }
  }
};

TEST_F(VitisScript, DoesAllStepsForThePartAndClockOfTheDesign) {
  const GeneratedHls design(tiny_network(), "1KVP",
                            {.form = MultiplierForm::kRtl, .clock_ns = 12.5});
  const auto [exit_code, output] = run_script(design, "");
  ASSERT_EQ(exit_code, 0) << output;
  std::size_t at = 0;
  for (const char* step :
       {"set_top accelerator\n", "add_files -blackbox multiply_1KVP.json\n",
        "set_part xc7s100fgga676-1\n", "create_clock -period 12.5 ", "csim_design", "csynth_design",
        "cosim_design", "export_design -format ip_catalog"}) {
    const std::size_t found = output.find(step, at);
    ASSERT_NE(found, std::string::npos) << step << " in " << output;
    at = found;
  }
}

TEST_F(VitisScript, BlackBoxDescriptionsPointAtTheFiles) {
  const GeneratedHls design(tiny_network(), "1KVP", {.form = MultiplierForm::kRtl});
  ASSERT_EQ(run_script(design, "").exit_code, 0);
  const auto bytes = base::read_file(design.folder() / "build/multiply_1KVP.json");
  const auto json =
      nlohmann::json::parse(std::string(reinterpret_cast<const char*>(bytes.data()), bytes.size()));
  EXPECT_TRUE(fs::exists(json["rtl_files"][0].get<std::string>()));
  EXPECT_TRUE(fs::exists(json["c_files"][0]["c_file"].get<std::string>()));
}

TEST_F(VitisScript, TakesStepsPartAndClockFromTheEnvironment) {
  const GeneratedHls design(tiny_network(), "exact", {});
  const auto [exit_code, output] = run_script(design, "STEPS=csynth PART=xc7a100t CLOCK_NS=4");
  ASSERT_EQ(exit_code, 0) << output;
  EXPECT_NE(output.find("set_part xc7a100t\ncreate_clock -period 4 -name default\ncsynth_design"),
            std::string::npos)
      << output;
  EXPECT_EQ(output.find("csim_design"), std::string::npos);
  EXPECT_NE(run_script(design, "STEPS=place").exit_code, 0);
}

}  // namespace
}  // namespace deepaxe::hw::hls
