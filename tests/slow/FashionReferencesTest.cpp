// Reference figures of Fashion-MNIST against values computed with NumPy in float64 (tests/golden/fashion_references.py).
#include "core/data/DataSet.h"
#include "core/experiment/References.h"

#include <gtest/gtest.h>

namespace latentoscope {

TEST(FashionReferences, AreThoseOfNumPy)
{
    const auto references = computeReferences(*loadDataSet(), 2);
    ASSERT_TRUE(references);
    EXPECT_NEAR(references->meanImageMse, 0.08664, 5e-6);
    ASSERT_EQ(references->pcaMse.size(), 784U);
    for (const auto& [dimension, mse] : {std::pair{1, 0.06138},
                                         {2, 0.0461},
                                         {3, 0.0409},
                                         {4, 0.0366},
                                         {8, 0.0266},
                                         {10, 0.02435},
                                         {11, 0.0235},
                                         {16, 0.02045},
                                         {20, 0.0187},
                                         {32, 0.01514},
                                         {50, 0.01198},
                                         {64, 0.01037},
                                         {100, 0.00766},
                                         {128, 0.00631},
                                         {256, 0.00299}})
        EXPECT_NEAR(references->pcaMse[static_cast<std::size_t>(dimension - 1)], mse, mse * 3e-3) << dimension;
    EXPECT_NEAR(references->entropyFloor, 189.86, 5e-3);
    EXPECT_NEAR(references->meanImageBce, 385.0, 0.05);
}

} // namespace latentoscope
