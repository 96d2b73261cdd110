namespace CnnViz.Activations;

/// <summary>How decided a network's answers are, how different from one another, and how right.</summary>
internal sealed class AnswerStatistics
{
    // What was never thought possible does not outweigh all else.
    private const double LeastProbability = 1e-6;

    private double[] _sum = [];
    private double _entropies;
    private double _logLikelihoods;
    private int _right;

    /// <summary>Answers in all.</summary>
    public int Count { get; private set; }

    /// <summary>Answers to images whose class is known.</summary>
    public int Known { get; private set; }

    /// <summary>
    /// The entropy of the mean answer minus the mean entropy of an answer, in nats: what answers tell about the images. It is large where each answer is
    /// decided and they differ.
    /// </summary>
    public double MutualInformation => Entropy(_sum.Select(sum => sum / Count)) - _entropies / Count;

    /// <summary>The mean logarithm of the right class's probability, in nats; NaN where no class is known.</summary>
    public double LogLikelihood => _logLikelihoods / Known;

    /// <summary>The part of the images of known classes whose first answer is right; NaN where no class is known.</summary>
    public double Accuracy => (double)_right / Known;

    /// <summary>Takes in an answer.</summary>
    /// <param name="probabilities">Of each class; the sum is 1.</param>
    /// <param name="classes">The right class, all of them if its name is that of several; none where it is not known.</param>
    public void Add(ReadOnlySpan<float> probabilities, IReadOnlyList<int> classes)
    {
        double[] answer = new double[probabilities.Length];
        int first = 0;
        for (int i = 0; i < answer.Length; i++)
        {
            answer[i] = probabilities[i];
            first = answer[i] > answer[first] ? i : first;
        }

        Count++;
        _entropies += Entropy(answer);
        _sum = _sum.Length == 0 ? answer : [.. _sum.Zip(answer, (sum, value) => sum + value)];
        if (classes.Count > 0)
        {
            Known++;
            _right += classes.Contains(first) ? 1 : 0;
            _logLikelihoods += Math.Log(Math.Max(classes.Sum(index => answer[index]), LeastProbability));
        }
    }

    private static double Entropy(IEnumerable<double> probabilities) => -probabilities.Sum(p => p == 0 ? 0 : p * Math.Log(p));
}
