using CnnViz.Ascent;

namespace CnnViz.Tests.Ascent.Recipes;

public sealed class RecipeTests
{
    public static TheoryData<string, double, double> Ranges
    {
        get
        {
            var ranges = new TheoryData<string, double, double>();
            foreach (RecipeSetting setting in RecipeSetting.All.Where(setting => double.IsFinite(setting.Least)))
            {
                ranges.Add(setting.Name, setting.Least, setting.Most);
            }

            return ranges;
        }
    }

    [Fact]
    public void All_published_recipes_are_possible() => Assert.All(Recipe.Published, recipe => recipe.Validate());

    [Fact]
    public void Each_number_has_one_name()
    {
        IEnumerable<string> parts = RecipeSetting.Groups.SelectMany(
            group => (Nullable.GetUnderlyingType(group.PropertyType) ?? group.PropertyType).GetProperties().Select(member => $"{group.Name}.{member.Name}"));
        IEnumerable<string> own = typeof(Recipe).GetProperties()
            .Where(property => !property.GetMethod!.IsStatic && property.Name != nameof(Recipe.Name) && !RecipeSetting.Groups.Contains(property))
            .Select(property => $".{property.Name}");

        Assert.Equal(
            parts.Concat(own).Order(),
            RecipeSetting.All.SelectMany(setting => setting.Members.Select(member => $"{setting.Group?.Name}.{member.Name}")).Order());
        Assert.Distinct(RecipeSetting.All.Select(setting => setting.Name));
    }

    [Theory]
    [MemberData(nameof(Ranges))]
    public void Ranges_have_two_ends(string setting, double least, double most)
    {
        string from = RecipeSetting.Find(setting)!.Group?.Name == "Dream" ? "DeepDream" : "Robust";
        Assert.Equal("RecipeValueOutOfRange", Fails(least - 1));
        Assert.Equal("RecipeValueOutOfRange", Fails(most + Math.Max(1, Math.Ceiling(most / 100))));
        Assert.NotNull(RecipeReader.Read(Json(most)));

        string Fails(double value) => Assert.Throws<CnnVizException>(() => RecipeReader.Read(Json(value))).ErrorId;

        string Json(double value) => FormattableString.Invariant($"{{ \"From\": \"{from}\", \"{setting}\": {value} }}");
    }

    [Fact]
    public void Equal_numbers_make_equal_recipes()
    {
        Assert.Equal(Recipe.Robust, Recipe.Robust with { Views = Recipe.Robust.Views with { Jitter = 0.06 } });
        Assert.NotEqual(Recipe.Robust, Recipe.Robust with { Views = Recipe.Robust.Views with { Jitter = 0.07 } });
        Assert.Equal(Recipe.Natural with { Spectrum = new(["a", "b"]) }, Recipe.Natural with { Spectrum = new(["a", "b"]) });
        Assert.NotEqual(Recipe.Natural with { Spectrum = new(["a", "b"]) }, Recipe.Natural with { Spectrum = new(["b", "a"]) });
    }

    [Fact]
    public void The_text_says_what_is_different()
    {
        Recipe recipe = Recipe.Robust with { Steps = 64, Image = Recipe.Robust.Image with { Decay = 1.1 }, Size = new(32, 48) };

        Assert.Equal("Robust", $"{Recipe.Robust}");
        Assert.Equal("Robust (Steps 64, Size 32, 48, Decay 1.1)", $"{recipe}");
        Assert.Equal("Mine", $"{recipe with { Name = "Mine" }}");
        Assert.Contains("RivalPenalty 1", $"{Recipe.RobustClass.Penalties}");
    }
}
