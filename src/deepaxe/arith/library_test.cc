#include "deepaxe/arith/library.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "deepaxe/base/input_error.h"
#include "deepaxe/base/npy.h"
#include "deepaxe/base/sha256.h"

namespace deepaxe::arith {
namespace {

const std::filesystem::path kData =
    std::filesystem::path(DEEPAXE_SOURCE_DIR) / "../shared/data/multipliers";

std::string message_for(std::string_view name) {
  try {
    find_multiplier(name);
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST(Library, EqualsThePublishedTables) {
  for (const LibraryEntry& entry : library()) {
    const auto file = kData / (std::string(entry.full_name) + ".npy");
    if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file;
    const std::vector<double> published = base::read_npy(file).as_doubles();
    ASSERT_EQ(published.size(), Multiplier::kNumProducts);
    const MultiplierPtr found = find_multiplier(entry.name);
    std::size_t i = 0;
    for (int a = -128; a <= 127; ++a) {
      for (int b = -128; b <= 127; ++b, ++i) {
        ASSERT_EQ(found->multiplier(static_cast<std::int8_t>(a), static_cast<std::int8_t>(b)),
                  published[i])
            << entry.name << " at " << a << ", " << b;
      }
    }
  }
}

TEST(Library, IdentityIsTheHashOfThePublishedTableAsInt32) {
  const auto file = kData / "mul8s_1KVP.npy";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file;
  std::vector<std::byte> bytes;
  for (const double product : base::read_npy(file).as_doubles()) {
    const auto bits = static_cast<std::uint32_t>(static_cast<std::int32_t>(product));
    for (unsigned i = 0; i < 4; ++i) bytes.push_back(static_cast<std::byte>(bits >> (8 * i)));
  }
  EXPECT_EQ(find_multiplier("1KVP")->multiplier.identity(), base::sha256_hex(bytes));
}

// Rows of the table of measured errors: name -> MAE, WCE, EP (%), MSE.
std::map<std::string, std::vector<double>> read_measured_errors(const std::filesystem::path& file) {
  std::map<std::string, std::vector<double>> rows;
  std::ifstream stream(file);
  std::string line;
  while (std::getline(stream, line)) {
    const std::size_t form = line.find(line.find('"') == std::string::npos ? "trunc" : "\"bam");
    if (form == std::string::npos) continue;  // The heading.
    const std::size_t form_end = line.find(line[form] == '"' ? "\"," : "),", form) + 2;
    std::istringstream fields(line.substr(form_end));
    std::vector<double>& row = rows[line.substr(0, line.find(','))];
    for (std::string field; std::getline(fields, field, ',');) row.push_back(std::stod(field));
  }
  return rows;
}

TEST(Library, ErrorsEqualThoseMeasuredElsewhere) {
  const auto file = kData / "evoapprox_mul8s.csv";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << "no " << file;
  const auto rows = read_measured_errors(file);
  ASSERT_EQ(rows.size(), library().size());
  for (const LibraryEntry& entry : library()) {
    const std::vector<double>& row = rows.at(std::string(entry.full_name));
    const ErrorStats stats = error_stats(find_multiplier(entry.name)->multiplier);
    EXPECT_EQ(stats.mean_absolute_lsb, row[0]) << entry.name;
    EXPECT_EQ(stats.worst_case_lsb, row[1]) << entry.name;
    EXPECT_NEAR(100 * stats.probability, row[2], 0.006) << entry.name;
    EXPECT_NEAR(stats.mean_square_lsb2, row[4], 1e-6 * row[4]) << entry.name;
    EXPECT_EQ(entry.published.power_mw, row[5]) << entry.name;
    EXPECT_EQ(entry.published.area_um2, row[6]) << entry.name;
    EXPECT_EQ(entry.published.delay_ns, row[7]) << entry.name;
  }
}

// The published figures are percentages of 2^16, printed with two significant digits (MAE, WCE) or
// two decimals; not every one is rounded to nearest (1KV8: 0.0018 for 0.00191), hence 6 %.
TEST(Library, ErrorsAgreeWithThePublishedOnes) {
  for (const LibraryEntry& entry : library()) {
    const ErrorStats stats = error_stats(find_multiplier(entry.name)->multiplier);
    const PublishedFigures& published = entry.published;
    EXPECT_NEAR(100 * stats.mean_absolute_lsb / 65536, published.mae_percent,
                0.06 * published.mae_percent)
        << entry.name;
    EXPECT_NEAR(100.0 * stats.worst_case_lsb / 65536, published.wce_percent,
                0.06 * published.wce_percent)
        << entry.name;
    EXPECT_NEAR(100 * stats.probability, published.ep_percent, 0.01) << entry.name;
    EXPECT_NEAR(100 * stats.mean_relative, published.mre_percent, 0.0051) << entry.name;
  }
}

TEST(Library, IsInTheOrderOfGrowingError) {
  double previous = -1;
  for (const LibraryEntry& entry : library()) {
    const double error = error_stats(find_multiplier(entry.name)->multiplier).mean_absolute_lsb;
    EXPECT_GT(error, previous) << entry.name;
    previous = error;
  }
}

TEST(Library, EverySpellingOfANameGivesTheSameObject) {
  const MultiplierPtr found = find_multiplier("1KVP");
  EXPECT_EQ(found->name, "1KVP");
  EXPECT_EQ(found, find_multiplier("mul8s_1kvp"));
  EXPECT_EQ(find_multiplier("bam( 1, 3 )"), find_multiplier("bam(1,3)"));
  EXPECT_EQ(find_multiplier("bam(1,3)")->multiplier.identity(), found->multiplier.identity());
  EXPECT_EQ(exact_multiplier(), find_multiplier("EXACT"));
  EXPECT_TRUE(exact_multiplier()->multiplier.is_exact());
}

TEST(Library, NetlistAndTableOfAMultiplierAgree) {
  const MultiplierPtr found = find_multiplier("1KX5");
  EXPECT_EQ(Multiplier(tabulate(netlist_of(*found))).identity(), found->multiplier.identity());
}

TEST(Library, AnUnknownNameIsAnsweredWithTheNearestOnes) {
  EXPECT_EQ(message_for("1KVB"),
            "multiplier: found '1KVB', expected a known name (nearest: 1KV6, 1KV8, 1KV9, 1KVA, "
            "1KVM, 1KVP), or a family: bam(h,v), trunc(k), loa(k), tcc(t), tvc(t), drum(k), roba, "
            "mitchell, alm(m), mbm, ilm(c), rad(k), roup(k,m)");
  EXPECT_NE(message_for("drun(4)").find("nearest: drum"), std::string::npos);
  EXPECT_EQ(message_for("exakt").find("multiplier: found 'exakt', expected a known name (nearest: "
                                      "exact"),
            0U);
  EXPECT_EQ(message_for("bam(9,0)"),
            "multiplier 'bam(9,0)': found bam(h,v) has h = 9, expected 0 to 8");
}

TEST(Library, ThreadsShareOneObject) {
  std::vector<MultiplierPtr> found(4);
  std::vector<std::jthread> threads;
  threads.reserve(found.size());
  for (MultiplierPtr& slot : found) {
    threads.emplace_back([&slot] { slot = find_multiplier("bam(4,4)"); });
  }
  threads.clear();  // Joins.
  for (const MultiplierPtr& pointer : found) EXPECT_EQ(pointer, found[0]);
}

}  // namespace
}  // namespace deepaxe::arith
