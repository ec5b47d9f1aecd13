#include "deepaxe/arith/user_library.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "deepaxe/base/file.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::arith {
namespace {

// A library of its own for each test.
class UserLibrary : public testing::Test {
 protected:
  UserLibrary() {
    const auto* test = testing::UnitTest::GetInstance()->current_test_info();
    home_ = std::filesystem::path(testing::TempDir()) / (std::string("deepaxe_") + test->name());
    std::filesystem::remove_all(home_);
    setenv("DEEPAXE_HOME", home_.c_str(), 1);
  }
  ~UserLibrary() override {
    unsetenv("DEEPAXE_HOME");
    std::filesystem::remove_all(home_);
  }

  static NamedMultiplier copy_of(const char* original, const char* name) {
    NamedMultiplier copy = *find_multiplier(original);
    copy.name = name;
    copy.family = std::nullopt;
    copy.published = std::nullopt;
    return copy;
  }

  std::filesystem::path home_;
};

template <typename Action>
std::string message_of(Action action) {
  try {
    action();
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "accepted";
}

TEST_F(UserLibrary, WhatIsSavedIsFoundByItsName) {
  NamedMultiplier mine = copy_of("1KX5", "mine");
  mine.given_luts = 40.5;
  mine.provenance = {{"file", "mine.c"}, {"wrap", "none"}};
  save_imported(mine, false);
  EXPECT_EQ(user_library_names(), std::vector<std::string>{"mine"});
  const MultiplierPtr found = find_multiplier("mine");
  EXPECT_EQ(found, find_multiplier("mine"));
  EXPECT_EQ(found->multiplier.identity(), mine.multiplier.identity());
  EXPECT_EQ(found->given_luts, mine.given_luts);
  EXPECT_EQ(found->provenance, mine.provenance);
  EXPECT_EQ(netlist_of(*found).gates.size(), netlist_of(mine).gates.size());
}

TEST_F(UserLibrary, AMultiplierOfProductsAloneHasNoNetlist) {
  NamedMultiplier mine = copy_of("1KVP", "products-alone");
  mine.netlist = std::nullopt;
  save_imported(mine, false);
  EXPECT_FALSE(find_multiplier("products-alone")->netlist);
}

TEST_F(UserLibrary, ARecognizedFamilyBringsItsNetlist) {
  NamedMultiplier mine = copy_of("1KVP", "known");
  mine.netlist = std::nullopt;
  mine.family = parse_family("bam(1,3)");
  save_imported(mine, false);
  EXPECT_EQ(find_multiplier("known")->family, mine.family);
  EXPECT_TRUE(find_multiplier("known")->netlist);
}

TEST_F(UserLibrary, ANameIsTakenOnlyOnce) {
  save_imported(copy_of("1KVP", "twice"), false);
  EXPECT_EQ(message_of([] { save_imported(copy_of("1KV9", "twice"), false); }),
            "--name: found 'twice', imported before, expected another name, or --force to replace "
            "it");
  EXPECT_EQ(message_of([] { save_imported(copy_of("1KV9", "twice"), true); }), "accepted");
}

TEST_F(UserLibrary, RefusesNamesThatAreOthersOrNone) {
  for (const char* name : {"", "a b", "../up", "a/b", ".hidden", "a=b", "a,b"}) {
    EXPECT_NE(message_of([&] { check_new_name(name, true); }).find("1 to 64 letters"),
              std::string::npos)
        << name;
  }
  for (const char* name : {"1kvp", "mul8s_1KV9", "Exact"}) {
    EXPECT_NE(message_of([&] { check_new_name(name, true); }).find("built-in"), std::string::npos);
  }
}

TEST_F(UserLibrary, ProductsThatAreNotThoseOfTheDescriptionAreRefused) {
  const auto one = save_imported(copy_of("1KVP", "one"), false);
  const auto two = save_imported(copy_of("1KV9", "two"), false);
  std::filesystem::copy_file(home_ / "multipliers/one.npy", home_ / "multipliers/two.npy",
                             std::filesystem::copy_options::overwrite_existing);
  EXPECT_NE(message_of([] { find_multiplier("two"); }).find("another identity than that of two"),
            std::string::npos);
}

TEST_F(UserLibrary, ADamagedDescriptionIsRefusedWhereverItIsCut) {
  const auto file = save_imported(copy_of("1KVP", "cut"), false);
  const std::vector<std::byte> whole = base::read_file(file);
  for (std::size_t size = 0; size + 2 < whole.size(); size += 97) {
    base::write_file_atomically(file, std::span(whole).first(size));
    EXPECT_NE(message_of([&] { load_imported(file); }), "accepted") << size;
  }
}

TEST_F(UserLibrary, EqualProductsAreFoundUnderAllTheirNames) {
  save_imported(copy_of("1KVP", "p"), false);
  save_imported(copy_of("1KV9", "other"), false);
  save_imported(copy_of("1KVP", "again"), false);
  base::write_file_atomically(home_ / "multipliers/broken.json", std::string_view("{"));
  EXPECT_EQ(imports_of_identity(find_multiplier("1KVP")->multiplier.identity()),
            (std::vector<std::string>{"again", "p"}));
}

TEST_F(UserLibrary, AnUnknownNameIsAnsweredWithTheImportsToo) {
  save_imported(copy_of("1KVP", "my_multiplier"), false);
  EXPECT_NE(message_of([] { find_multiplier("my_multiplyer"); }).find("nearest: my_multiplier"),
            std::string::npos);
}

}  // namespace
}  // namespace deepaxe::arith
