#include "deepaxe/store/study.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <functional>
#include <numeric>
#include <stdexcept>

#include "deepaxe/base/child.h"
#include "deepaxe/base/input_error.h"

namespace deepaxe::store {
namespace {

namespace fs = std::filesystem;

class StudyTest : public ::testing::Test {
 protected:
  void SetUp() override {
    const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
    folder_ = fs::temp_directory_path() /
              ("deepaxe_store_" + std::to_string(::getpid()) + "_" + test->name());
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }

  fs::path file() const { return folder_ / "s.sqlite"; }

  fs::path folder_;
};

StudyInfo sample_info() {
  StudyInfo info;
  info.program_version = "0.1";
  info.model_name = "lenet5";
  info.model_key = std::string(64, 'a');
  info.data_name = "digits";
  info.data_key = std::string(64, 'b');
  info.num_images = 100;
  info.seed = ~std::uint64_t{0};
  info.options = R"({"baseline":"native","outputs":4})";
  info.hardware_models = "closed forms 1";
  info.layers = {{"conv1", "conv2d", true, true, 3456, 86400}, {"flat", "reshape", false, false}};
  info.tensors = {{"conv1", 3456}};
  info.exact_key = "0";
  const Hardware hardware{{4, 1}, "block", "pipelined", {"rom", "external"}};
  info.references = {{"native", 1.5, 2, 0, 3.5, 0.01, hardware, 1000},
                     {"dsp", 1, 2, 5, 3.5, 0.005, hardware, 1000}};
  return info;
}

// A point whose every field is a function of `number`.
PointRecord sample_point(int number, bool faults) {
  PointRecord point;
  point.key = std::to_string(number);
  point.measurement = point.key;
  point.hardware.outputs = {number, 1, 2};
  point.hardware.memory = number % 2 == 0 ? "block" : "distributed";
  point.hardware.schedule = number % 2 == 0 ? "pipelined" : "sequential";
  point.hardware.weight_memory = {"rom", number % 2 == 0 ? "external" : "rom"};
  point.assignment = number == 0 ? "exact" : "1KVP@" + point.key;
  point.multiplier = number == 0 ? "exact" : "1KVP";
  point.mask = point.key;
  point.aliases = {"1KV6@" + point.key, "quote \" and \n"};
  point.correct = 90 - number % 80;
  point.images = 100;
  point.cost.cycles = 206'504 + number;
  point.cost.cycles_source = "law";
  point.cost.lut = 0.1 * number;
  if (number % 2 == 0) point.cost.energy_nj = 1.5 * number;
  if (number % 3 == 0) point.cost.max_mhz = 70 + number;
  if (!faults) return point;
  point.status = PointStatus::kInjected;
  FaultRecord& record = point.faults.emplace();
  record.counts = {1000, 10, 3, 1, number, 0, 0, 0};
  record.pairs = std::accumulate(record.counts.begin(), record.counts.end(), std::int64_t{0});
  record.sdc_rate = 0.1 * number;
  record.vulnerability = -0.01 * number;
  record.sdc_low = 1.0 / 3;
  record.method = "Clopper-Pearson";
  for (int i = 0; i < 100; ++i) {
    record.changes.push_back({static_cast<std::uint64_t>(i * (number + 1)), Outcome::kNeutral});
  }
  record.by_tensor_bit.assign(8, record.counts);
  return point;
}

std::string error_text(const std::function<void()>& action) {
  try {
    action();
  } catch (const base::InputError& error) {
    return error.what();
  }
  return "no InputError";
}

TEST_F(StudyTest, ReferencesOfOtherHardwareJoinThoseThatAreThere) {
  StudyInfo info = sample_info();
  const std::vector<ReferenceCost> first = info.references;
  Study::open_or_create(file(), info);
  for (ReferenceCost& reference : info.references) reference.hardware.outputs = {1, 1};
  const std::vector<ReferenceCost> joined = Study::open_or_create(file(), info).info().references;
  ASSERT_EQ(joined.size(), 4U);
  EXPECT_EQ(joined[0], info.references[0]);  // {1, 1} before {4, 1}.
  EXPECT_EQ(joined[3], first[1]);
  EXPECT_EQ(Study::open_or_create(file(), info).info().references, joined);
}

// Rows of two versions of a model could not be compared.
TEST_F(StudyTest, FiguresOfAnotherHardwareModelAreRefused) {
  Study::open_or_create(file(), sample_info());
  StudyInfo info = sample_info();
  info.hardware_models = "closed forms 2";
  EXPECT_EQ(error_text([&] { Study::open_or_create(file(), info); }),
            file().string() +
                ": hardware figures: found those of closed forms 1, expected closed forms 2; "
                "explore anew, or with that program");
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE)
      .exec("DELETE FROM study WHERE field = 'hardware_models'");
  EXPECT_NE(error_text([&] { Study::open_or_create(file(), info); }).find("an older program"),
            std::string::npos);
  EXPECT_EQ(Study::open_existing(file()).info().hardware_models, "");
}

TEST_F(StudyTest, ReadsBackWhatWasWritten) {
  Study study = Study::open_or_create(file(), sample_info());
  const std::vector<PointRecord> points = {sample_point(0, true), sample_point(1, false),
                                           sample_point(2, true)};
  study.put(points);
  EXPECT_EQ(study.info(), sample_info());
  EXPECT_EQ(study.points(), points);
  const Study again = Study::open_existing(file());
  EXPECT_EQ(again.info(), sample_info());
  EXPECT_EQ(again.points(), points);
  EXPECT_TRUE(again.has("2"));
  EXPECT_FALSE(again.has("3"));
}

TEST_F(StudyTest, ALaterPutReplacesTheWholePoint) {
  Study study = Study::open_or_create(file(), sample_info());
  study.put(sample_point(1, true));
  study.put(sample_point(1, false));
  EXPECT_EQ(study.points(), std::vector<PointRecord>{sample_point(1, false)});
}

TEST_F(StudyTest, OrderOfPointsDoesNotDependOnOrderOfWriting) {
  Study forward = Study::open_or_create(file(), sample_info());
  Study backward = Study::open_or_create(folder_ / "b.sqlite", sample_info());
  for (int i = 0; i < 20; ++i) {
    forward.put(sample_point(i, i % 2 == 0));
    backward.put(sample_point(19 - i, i % 2 == 1));
  }
  EXPECT_EQ(forward.points(), backward.points());
  EXPECT_EQ(forward.points().front().multiplier, "exact");
}

TEST_F(StudyTest, TheViewIsReplacedAsAWhole) {
  Study study = Study::open_or_create(file(), sample_info());
  EXPECT_TRUE(study.view().objectives.empty());
  const View first = {{"sdc", "cycles"}, {{"0", true, "", {"1"}}, {"1", true, "", {"0"}}}};
  const View second = {{"cycles"}, {{"0", false, "1", {}}}};
  study.set_view(first);
  EXPECT_EQ(Study::open_existing(file()).view(), first);
  study.set_view(second);
  EXPECT_EQ(Study::open_existing(file()).view(), second);
}

TEST_F(StudyTest, AStudyOfAnotherModelIsRefusedAndLeftAsItWas) {
  Study::open_or_create(file(), sample_info()).put(sample_point(0, false));
  StudyInfo other = sample_info();
  other.model_name = "mlp3";
  other.model_key = std::string(64, 'c');
  EXPECT_EQ(error_text([&] { Study::open_or_create(file(), other); }),
            file().string() + ": model: found a study of model lenet5 (sha256 aaaaaaaaaaaa), " +
                "expected mlp3 (sha256 cccccccccccc)");
  EXPECT_EQ(Study::open_existing(file()).points().size(), 1u);
}

TEST_F(StudyTest, EveryOtherDifferenceIsNamed) {
  Study::open_or_create(file(), sample_info());
  const auto refusal = [&](const std::function<void(StudyInfo&)>& change) {
    StudyInfo other = sample_info();
    change(other);
    return error_text([&] { Study::open_or_create(file(), other); });
  };
  EXPECT_NE(refusal([](StudyInfo& i) { i.num_images = 7; }).find("data: found a study of 100"),
            std::string::npos);
  EXPECT_NE(refusal([](StudyInfo& i) { i.seed = 7; }).find("seed: found"), std::string::npos);
  EXPECT_EQ(refusal([](StudyInfo& i) { i.options = R"({"baseline":"native","outputs":8})"; }),
            file().string() + ": option outputs: found a study made with 4, expected 8");
  EXPECT_EQ(refusal([](StudyInfo& i) { i.program_version = "0.2"; }), "no InputError");
}

TEST_F(StudyTest, WhatIsNoStudyIsRefusedInOneLine) {
  std::ofstream(file()) << std::string(5000, 'x');
  const std::string no_database = error_text([&] { Study::open_or_create(file(), sample_info()); });
  EXPECT_NE(no_database.find("file is not a database"), std::string::npos) << no_database;
  fs::remove(file());
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
      .exec("CREATE TABLE t(x)");
  EXPECT_EQ(error_text([&] { Study::open_existing(file()); }),
            file().string() +
                ": found the SQLite database of another program, "
                "expected a DeepAxe study");
  EXPECT_NE(error_text([&] { Study::open_existing(folder_ / "none"); }).find("no such file"),
            std::string::npos);
  EXPECT_NE(error_text([&] {
              Study::open_or_create(folder_ / "no/s.sqlite", sample_info());
            }).find("unable to open database file"),
            std::string::npos);
}

TEST_F(StudyTest, AnotherSchemaVersionIsRefused) {
  Study::open_or_create(file(), sample_info());
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 99");
  EXPECT_EQ(error_text([&] { Study::open_existing(file()); }),
            file().string() + ": schema version: found 99, expected " +
                std::to_string(Study::kSchemaVersion));
}

TEST_F(StudyTest, ADamagedRecordIsAnInputError) {
  Study::open_or_create(file(), sample_info()).put(sample_point(0, true));
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE)
      .exec("UPDATE fault SET changes = x'FF'");
  const Study study = Study::open_existing(file());
  EXPECT_NE(error_text([&] { study.points(); }).find("ends inside a number"), std::string::npos);
}

// A file-size limit stands for the full disk: writes beyond it fail.
TEST_F(StudyTest, AFullDiskIsOneLineAndWhatIsThereStays) {
  Study::open_or_create(file(), sample_info()).put(sample_point(0, true));
  const base::ChildResult child = base::run_in_child(
      [&]() -> std::vector<std::byte> {
        ::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit = {fs::file_size(file()) + 40'000, RLIM_INFINITY};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        Study study = Study::open_or_create(file(), sample_info());
        for (int i = 1; i < 1000; ++i) study.put(sample_point(i, true));
        return {};
      },
      {});
  EXPECT_EQ(child.exit_code, 1);
  const std::string text(reinterpret_cast<const char*>(child.output.data()), child.output.size());
  EXPECT_NE(text.find("expected a study that can be written"), std::string::npos) << text;
  const auto points = Study::open_existing(file()).points();
  EXPECT_GT(points.size(), 1u);
  for (const PointRecord& point : points)
    EXPECT_EQ(point, sample_point(std::stoi(point.key), true));
}

// Writes batches of four points until it is killed; reports each commit through the pipe.
[[noreturn]] void write_until_killed(const fs::path& file, int first, int pipe_end) {
  Study study = Study::open_or_create(file, sample_info());
  for (int i = first;; i += 4) {
    const std::vector<PointRecord> batch = {sample_point(i, true), sample_point(i + 1, false),
                                            sample_point(i + 2, true), sample_point(i + 3, true)};
    study.put(batch);
    const int last = i + 3;
    if (::write(pipe_end, &last, sizeof last) != sizeof last) ::_exit(1);
  }
}

TEST(ImageClassSizes, AreThoseOfTheOptionsOrOneClass) {
  StudyInfo info;
  info.num_images = 10;
  info.options = "{}";
  EXPECT_EQ(image_class_sizes(info), (std::vector<std::int64_t>{10}));
  info.options = R"({"image_class_sizes":[1,9]})";
  EXPECT_EQ(image_class_sizes(info), (std::vector<std::int64_t>{1, 9}));
  for (const char* sizes : {"[1,8]", "[10,0]", "[]", "\"ten\"", "[1.5,8.5]", "{}"}) {
    info.options = std::string(R"({"image_class_sizes":)") + sizes + "}";
    EXPECT_THROW(image_class_sizes(info), base::InputError) << sizes;
  }
}

TEST_F(StudyTest, KillAtAnyMomentLosesNoCommittedPoint) {
  int committed = -1;
  for (int round = 0; round < 25; ++round) {
    int ends[2];
    ASSERT_EQ(::pipe(ends), 0);
    const pid_t child = ::fork();
    if (child == 0) write_until_killed(file(), committed + 1, ends[1]);
    ::close(ends[1]);
    ::usleep(static_cast<useconds_t>(1000 + 2500 * round));
    ::kill(child, SIGKILL);
    ::waitpid(child, nullptr, 0);
    for (int last = 0; ::read(ends[0], &last, sizeof last) == sizeof last;) committed = last;
    ::close(ends[0]);
    const auto points = Study::open_or_create(file(), sample_info()).points();
    ASSERT_EQ(points.size() % 4, 0u);  // Whole transactions only.
    ASSERT_GE(static_cast<int>(points.size()), committed + 1);
    for (const PointRecord& point : points) {
      const int number = std::stoi(point.key);
      ASSERT_EQ(point, sample_point(number, number % 4 != 1));
    }
    SQLite::Database database(file().string());
    ASSERT_EQ(database.execAndGet("PRAGMA integrity_check").getString(), "ok");
    committed = static_cast<int>(points.size()) - 1;
  }
  EXPECT_GT(committed, 0);
}

TEST_F(StudyTest, PointsOfOneMeasurementShareOneRowOfFaults) {
  PointRecord first = sample_point(1, true), second = sample_point(2, false);
  second.measurement = first.measurement;
  second.faults = first.faults;
  Study study = Study::open_or_create(file(), sample_info());
  study.put(std::vector{first, second});
  EXPECT_EQ(study.points(), (std::vector{first, second}));
  SQLite::Database database(file().string());
  EXPECT_EQ(database.execAndGet("SELECT count(*) FROM fault").getInt(), 1);
}

TEST_F(StudyTest, AStudyOfAnOlderSchemaSaysWhatToDo) {
  Study::open_or_create(file(), sample_info());
  SQLite::Database(file().string(), SQLite::OPEN_READWRITE).exec("PRAGMA user_version = 2");
  EXPECT_EQ(error_text([&] { Study::open_existing(file()); }),
            file().string() +
                ": schema version: found 2 (of an older program: explore anew), expected " +
                std::to_string(Study::kSchemaVersion));
}

}  // namespace
}  // namespace deepaxe::store
