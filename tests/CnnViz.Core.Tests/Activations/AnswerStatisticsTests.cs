using CnnViz.Activations;

namespace CnnViz.Tests.Activations;

public sealed class AnswerStatisticsTests
{
    [Fact]
    public void Decided_answers_that_differ_tell_most()
    {
        Assert.Equal(Math.Log(2), Of([1, 0], [0, 1]).MutualInformation, 1e-9);
        Assert.Equal(0, Of([1, 0], [1, 0]).MutualInformation, 1e-9);
        Assert.Equal(0, Of([0.5f, 0.5f], [0.5f, 0.5f]).MutualInformation, 1e-9);
    }

    [Fact]
    public void Only_images_of_known_classes_can_be_right()
    {
        var statistics = new AnswerStatistics();
        statistics.Add([0.25f, 0.75f], [1]);
        statistics.Add([0.5f, 0.5f], [0, 1]);
        statistics.Add([1, 0], []);

        Assert.Equal((3, 2), (statistics.Count, statistics.Known));
        Assert.Equal(1, statistics.Accuracy, 1e-9);
        Assert.Equal(Math.Log(0.75) / 2, statistics.LogLikelihood, 1e-9);
    }

    private static AnswerStatistics Of(params float[][] answers)
    {
        var statistics = new AnswerStatistics();
        Array.ForEach(answers, answer => statistics.Add(answer, []));
        return statistics;
    }
}
