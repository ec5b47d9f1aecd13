#include "deepaxe/hw/verilog/ip_xact.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace deepaxe::hw::verilog {
namespace {

// Text of XML with two blanks for each level; names are identifiers and need no escapes.
class Xml {
 public:
  void open(std::string_view element, std::string_view attributes = {}) {
    line(fmt::format("<spirit:{}{}>", element, attributes));
    open_.emplace_back(element);
  }
  void close() {
    const std::string element = open_.back();
    open_.pop_back();
    line(fmt::format("</spirit:{}>", element));
  }
  void value(std::string_view element, std::string_view content, std::string_view attributes = {}) {
    line(fmt::format("<spirit:{0}{1}>{2}</spirit:{0}>", element, attributes, content));
  }
  void line(const std::string& text) { text_ += std::string(2 * open_.size(), ' ') + text + '\n'; }
  const std::string& text() const noexcept { return text_; }

 private:
  std::string text_;
  std::vector<std::string> open_;
};

constexpr std::string_view kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
    "<!-- IP-XACT, IEEE 1685-2009: the folder as a core for an IP catalog. -->\n";
constexpr std::string_view kNamespaces =
    " xmlns:spirit=\"http://www.spiritconsortium.org/XMLSchema/SPIRIT/1685-2009\""
    " xmlns:xilinx=\"http://www.xilinx.com\""
    " xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";

void add_bus_type(Xml& xml, std::string_view library, std::string_view name) {
  for (const auto& [element, ending] :
       {std::pair("busType", ""), std::pair("abstractionType", "_rtl")}) {
    xml.line(
        fmt::format("<spirit:{} spirit:vendor=\"xilinx.com\" spirit:library=\"{}\" "
                    "spirit:name=\"{}{}\" spirit:version=\"1.0\"/>",
                    element, library, name, ending));
  }
}

void add_parameter(Xml& xml, std::string_view name, std::string_view value) {
  xml.open("parameter");
  xml.value("name", name);
  xml.value("value", value);
  xml.close();
}

void add_port_map(Xml& xml, std::string_view logical, std::string_view physical) {
  xml.open("portMap");
  xml.open("logicalPort");
  xml.value("name", logical);
  xml.close();
  xml.open("physicalPort");
  xml.value("name", physical);
  xml.close();
  xml.close();
}

// The ports of one bus have its name and a signal: "s_axis" and "tdata".
void add_bus(Xml& xml, const std::vector<TopPort>& ports, const std::string& bus) {
  const bool is_memory_mapped = bus == kRegisterBus;
  xml.open("busInterface");
  xml.value("name", bus);
  add_bus_type(xml, "interface", is_memory_mapped ? "aximm" : "axis");
  if (is_memory_mapped) {
    xml.open("slave");
    xml.line(fmt::format("<spirit:memoryMapRef spirit:memoryMapRef=\"{}\"/>", bus));
    xml.close();
  } else {
    xml.line(bus.starts_with("m_") ? "<spirit:master/>" : "<spirit:slave/>");
  }
  xml.open("portMaps");
  for (const TopPort& port : ports) {
    if (port.bus != bus) continue;
    std::string logical = port.name.substr(bus.size() + 1);
    std::ranges::transform(logical, logical.begin(), [](char c) {
      return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    });
    add_port_map(xml, logical, port.name);
  }
  xml.close();
  xml.close();
}

std::vector<std::string> buses_of(const std::vector<TopPort>& ports) {
  std::vector<std::string> buses;
  for (const TopPort& port : ports) {
    if (!port.bus.empty() && std::ranges::find(buses, port.bus) == buses.end()) {
      buses.push_back(port.bus);
    }
  }
  return buses;
}

void add_signal(Xml& xml, std::string_view port, std::string_view kind, std::string_view logical,
                const std::vector<std::pair<std::string, std::string>>& parameters) {
  xml.open("busInterface");
  xml.value("name", port);
  add_bus_type(xml, "signal", kind);
  xml.line("<spirit:slave/>");
  xml.open("portMaps");
  add_port_map(xml, logical, port);
  xml.close();
  xml.open("parameters");
  for (const auto& [name, value] : parameters) add_parameter(xml, name, value);
  xml.close();
  xml.close();
}

void add_bus_interfaces(Xml& xml, const std::vector<TopPort>& ports) {
  const std::vector<std::string> buses = buses_of(ports);
  xml.open("busInterfaces");
  for (const std::string& bus : buses) add_bus(xml, ports, bus);
  add_signal(xml, "aclk", "clock", "CLK",
             {{"ASSOCIATED_BUSIF", fmt::format("{}", fmt::join(buses, ":"))},
              {"ASSOCIATED_RESET", "aresetn"}});
  add_signal(xml, "aresetn", "reset", "RST", {{"POLARITY", "ACTIVE_LOW"}});
  xml.close();
}

void add_memory_map(Xml& xml) {
  xml.open("memoryMaps");
  xml.open("memoryMap");
  xml.value("name", kRegisterBus);
  xml.open("addressBlock");
  xml.value("name", "registers");
  xml.value("baseAddress", "0");
  xml.value("range", "16");
  xml.value("width", "32");
  xml.value("usage", "register");
  int offset = 0;
  for (const auto& [name, access] :
       {std::pair("control", "read-write"), std::pair("status", "read-write"),
        std::pair("cycles", "read-only"), std::pair("images", "read-only")}) {
    xml.open("register");
    xml.value("name", name);
    xml.value("addressOffset", fmt::format("{}", offset));
    xml.value("size", "32");
    xml.value("access", access);
    xml.close();
    offset += 4;
  }
  xml.close();
  xml.close();
  xml.close();
}

void add_view(Xml& xml, std::string_view name, std::string_view identifier,
              const std::string& top) {
  xml.open("view");
  xml.value("name", name);
  xml.value("envIdentifier", identifier);
  xml.value("language", "verilog");
  xml.value("modelName", top);
  xml.open("fileSetRef");
  xml.value("localName", "sources");
  xml.close();
  xml.close();
}

void add_model(Xml& xml, const std::string& top, const std::vector<TopPort>& ports) {
  xml.open("model");
  xml.open("views");
  add_view(xml, "synthesis", "verilogSource:vivado.xilinx.com:synthesis", top);
  add_view(xml, "simulation", "verilogSource:vivado.xilinx.com:simulation", top);
  xml.close();
  xml.open("ports");
  for (const TopPort& port : ports) {
    xml.open("port");
    xml.value("name", port.name);
    xml.open("wire");
    xml.value("direction", port.is_input ? "in" : "out");
    if (port.bits > 1) {
      xml.open("vector");
      xml.value("left", fmt::format("{}", port.bits - 1));
      xml.value("right", "0");
      xml.close();
    }
    xml.close();
    xml.close();
  }
  xml.close();
  xml.close();
}

// Contents of memories are read by name, so they are part of the core.
void add_file_sets(Xml& xml, const design::SourceFiles& files) {
  xml.open("fileSets");
  xml.open("fileSet");
  xml.value("name", "sources");
  for (const auto& [name, content] : files) {
    xml.open("file");
    xml.value("name", name);
    if (name.ends_with(".v")) {
      xml.value("fileType", "verilogSource");
    } else {
      xml.value("userFileType", name.ends_with(".hex") ? "data" : "xdc");
    }
    xml.close();
  }
  xml.close();
  xml.close();
}

}  // namespace

std::string component_text(const std::string& top, const std::vector<TopPort>& ports,
                           const design::SourceFiles& files) {
  Xml xml;
  xml.open("component", kNamespaces);
  xml.value("vendor", "deepaxe");
  xml.value("library", "accelerator");
  xml.value("name", top);
  xml.value("version", "1.0");
  add_bus_interfaces(xml, ports);
  add_memory_map(xml);
  add_model(xml, top, ports);
  add_file_sets(xml, files);
  xml.value("description",
            "int8 inference: images and logits on AXI4-Stream, registers on AXI4-Lite");
  xml.close();
  return std::string(kHead) + xml.text();
}

}  // namespace deepaxe::hw::verilog
