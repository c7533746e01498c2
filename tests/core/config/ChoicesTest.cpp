#include "core/config/Configuration.h"
#include "core/config/Fields.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include <set>

namespace latentoscope {
namespace {

/// Every word is one of the choice, another one from its neighbours, and the field of that path takes exactly these.
template <class Choice> void expectWordsOf(const std::string& path)
{
    const std::vector<std::string> words = wordsOf<Choice>();
    EXPECT_EQ(std::set<std::string>(words.begin(), words.end()).size(), words.size()) << path;
    EXPECT_EQ(fieldAt(path).choices, words);
    Configuration configuration;
    for (const std::string& word : words) {
        ASSERT_TRUE(choiceOf<Choice>(word)) << path << " " << word;
        EXPECT_EQ(wordOf(*choiceOf<Choice>(word)), word);
        setField(configuration, path, word);
        EXPECT_EQ(fieldValue(configuration, path), nlohmann::json(word)) << "written and read again";
    }
    EXPECT_FALSE(choiceOf<Choice>("")) << path;
    EXPECT_FALSE(choiceOf<Choice>(words.front() + " ")) << path;
}

} // namespace

TEST(Choices, HaveAWordEachWhichTheirFieldTakes)
{
    expectWordsOf<PixelLikelihood>("model.likelihood");
    expectWordsOf<WeightInitialisation>("model.initial_weights");
    expectWordsOf<OptimizerRule>("training.optimizer");
    expectWordsOf<LearningRateSchedule>("training.schedule");
    expectWordsOf<KeptWeights>("training.keep");
}

TEST(Choices, AreWhatTheWordsSay)
{
    EXPECT_EQ(choiceOf<PixelLikelihood>("bernoulli"), PixelLikelihood::Bernoulli);
    EXPECT_EQ(choiceOf<WeightInitialisation>("kaiming"), WeightInitialisation::Kaiming);
    EXPECT_EQ(choiceOf<OptimizerRule>("rmsprop"), OptimizerRule::RmsProp);
    EXPECT_EQ(choiceOf<OptimizerRule>("sgd"), OptimizerRule::Sgd);
    EXPECT_EQ(choiceOf<LearningRateSchedule>("one-cycle"), LearningRateSchedule::OneCycle);
    EXPECT_EQ(choiceOf<KeptWeights>("best"), KeptWeights::Best);
}

} // namespace latentoscope
