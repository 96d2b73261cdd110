using CnnViz.Showing.Files;

namespace CnnViz.Tests.Showing.Files;

/// <summary>Names of the files of one run.</summary>
public sealed class DistinctNamesTests
{
    private readonly DistinctNames _names = new();

    [Fact]
    public void The_first_of_a_name_gets_it_and_others_say_what_is_different()
    {
        Assert.Equal("a/conv_0000.png", Take("m", "conv", 0, "Robust", 0));
        Assert.Equal("a/conv_0000_seed1.png", Take("m", "conv", 0, "Robust", 1));
        Assert.Equal("a/conv_0000_Natural_seed1.png", Take("m", "conv", 0, "Natural", 1));
        Assert.Equal("a/conv_0000_other.png", Take("other", "conv", 0, "Robust", 0));
        Assert.Equal("a/conv_0000_a-b_0007.png", Take("m", "a/b", 7, "Robust", 0));
    }

    [Fact]
    public void What_differs_in_nothing_is_numbered()
    {
        string[] paths = [.. Enumerable.Range(0, 3).Select(_ => Take("m", "conv", 0, "Robust", 0))];
        Assert.Equal(["a/conv_0000.png", "a/conv_0000_2.png", "a/conv_0000_3.png"], paths);
    }

    [Fact]
    public void Case_is_no_difference() => Assert.Equal(
        ["A/x.png", "a/X_2.png"], new[] { "A/x.png", "a/X.png" }.Select(path => _names.Take(path, new Dictionary<string, object>())));

    [Fact]
    public void A_name_that_is_made_is_not_given_twice()
    {
        var none = new Dictionary<string, object>();
        Assert.Equal(
            ["x_2.png", "x.png", "x_3.png"], new[] { "x_2.png", "x.png", "x.png" }.Select(path => _names.Take(path, none)));
    }

    private string Take(string model, string layer, int filter, string recipe, long seed) => _names.Take("a/conv_0000.png", new Dictionary<string, object>
    {
        ["Model"] = model,
        ["Layer"] = layer,
        ["Filter"] = filter,
        ["Objective"] = $"{layer}:{filter}",
        ["Recipe"] = recipe,
        ["Seed"] = seed,
    });
}
