#include "deepaxe/frontend/circuit/blif.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "deepaxe/frontend/circuit/parse_for_test.h"

namespace deepaxe::frontend::circuit {
namespace {

std::string names(const std::string& base, int count, const std::string& open,
                  const std::string& close) {
  std::string text;
  for (int i = 0; i < count; ++i) text += " " + base + open + std::to_string(i) + close;
  return text;
}

// Output 0 is bit 0 of a and not bit 1 of b, the others are 0 by covers without cubes.
std::string model(const std::string& more = "") {
  std::string text = ".model mul8u_x # a comment\n.inputs" + names("b", 8, "[", "]") + " \\\n" +
                     names("a", 8, "[", "]") + "\n.outputs" + names("y", 16, "[", "]") + "\n" +
                     ".names a[0] t y[0]\n11 1\n.names b[1] t\n0 1\n";
  for (int i = 1; i < 16; ++i) text += ".names y[" + std::to_string(i) + "]\n";
  return text + more + ".end\n";
}

TEST(Blif, CoversAreSumsOfProductsInAnyOrder) {
  const Circuit circuit = parse_text_file(model(), "x.blif");
  EXPECT_EQ(circuit.table.signedness, Signedness::kUnsigned);
  for (const auto& [a, b, product] : {std::tuple{1, 0, 1}, {1, 2, 0}, {3, 1, 1}, {2, 0, 0}}) {
    EXPECT_EQ(product_of(circuit, a, b), product) << a << ", " << b;
  }
}

TEST(Blif, ACoverOf0IsAComplement) {
  std::string text = model();
  const std::size_t at = text.find("11 1\n");
  text.replace(at, 5, "0- 0\n-0 0\n");  // Not of "a[0] or t is 0": the same function.
  EXPECT_EQ(parse_text_file(text, "x.blif").table.products,
            parse_text_file(model(), "x.blif").table.products);
}

TEST(Blif, WithoutGroupsTheListingDecides) {
  std::string text = model();
  for (std::string::size_type at; (at = text.find("b[1]")) != std::string::npos;) {
    text.replace(at, 4, "other");
  }
  const Circuit circuit = parse_text_file(text, "x.blif");  // Now a[0] is bit 0 of the second.
  EXPECT_EQ(product_of(circuit, 0, 1), 1);
  EXPECT_EQ(product_of(circuit, 2, 1), 0);
}

TEST(Blif, OtherCommandsAndBadCubesAreRefusedByLine) {
  const std::vector<std::pair<const char*, const char*>> cases = {
      {".latch a b re clk 0\n", "found '.latch'"},
      {".subckt and_gate a=b\n", "found '.subckt'"},
      {".names a[0] q\n11 1\n", "another cube, expected 1 of 0, 1, -"},
      {".names a[0] q\n2 1\n", "another cube"},
      {".names a[0] q\n1 1\n0 0\n", "a cube of 0 and one of 1"},
      {".names a[0] y[0]\n1 1\n", "a second driver of y[0]"},
      {".names a[0]\n", "a second driver of a[0]"},
      {".end\n.names q\n", "expected nothing after .end"},
  };
  for (const auto& [more, message] : cases) {
    EXPECT_TRUE(has(refusal_of(model(more), "x.blif"), message))
        << refusal_of(model(more), "x.blif");
  }
  EXPECT_TRUE(has(refusal_of(model(), "x.blif"), "accepted"));
}

TEST(Blif, MissingDriversAndLoopsAreNamed) {
  std::string open = model();
  open.replace(open.find(".names b[1] t\n0 1\n"), 18, "");
  EXPECT_TRUE(has(refusal_of(open, "x.blif"), "net t without a driver"));
  std::string loop = model();
  loop.replace(loop.find(".names b[1] t\n0 1\n"), 18, ".names u t\n1 1\n.names t u\n1 1\n");
  EXPECT_TRUE(has(refusal_of(loop, "x.blif"), "a combinational loop"));
}

TEST(Blif, OtherNumbersOfPortsAreRefused) {
  EXPECT_TRUE(
      has(refusal_of(".model m\n.inputs a b\n.outputs y\n.names a b y\n11 1\n.end\n", "m.blif"),
          "model m: found 2 inputs and 1 outputs, expected 16 and 16"));
}

}  // namespace
}  // namespace deepaxe::frontend::circuit
