using CnnViz.Ascent;

namespace CnnViz.Tests.Ascent.Recipes;

public sealed class RecipeReaderTests
{
    public static TheoryData<string> Names => [.. Recipe.Published.Select(recipe => recipe.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void What_is_written_is_read(string name)
    {
        Recipe recipe = Recipe.Get(name);

        Assert.Equal(recipe, RecipeReader.Read(RecipeReader.ToJson(recipe)));
    }

    [Fact]
    public void A_recipe_with_all_that_may_be_absent_comes_back()
    {
        Recipe recipe = Recipe.Natural with
        {
            Name = "Mine",
            Size = new(40, 50),
            UsualSide = null,
            Image = Recipe.Natural.Image with { Contrast = 0.15f, BorderPixels = 3, InitialNoise = 0.125f / 3.4641016f },
            Spectrum = new PictureList(["/photos/a.jpg", "/photos/b.jpg"]),
        };

        Assert.Equal(recipe, RecipeReader.Read(RecipeReader.ToJson(recipe).ToJsonString()));
    }

    [Fact]
    public void Settings_change_what_they_name_and_nothing_else()
    {
        Recipe recipe = RecipeReader.Read("""{ "from": "robust", "DECAY": 1.1, "Zoom": [0.7, 1.4], "Size": 64, "edge": "grey", "Steps": "7" }""");

        Assert.Equal(
            Recipe.Robust with
            {
                Steps = 7,
                Size = new(64, 64),
                Image = Recipe.Robust.Image with { Decay = 1.1 },
                Views = Recipe.Robust.Views with { MinZoom = 0.7, MaxZoom = 1.4, Edge = EdgeMode.Grey },
            },
            recipe);
    }

    [Theory]
    [InlineData("""{ "Views": 3 }""", """{ "Views": { "Count": 3 } }""")]
    [InlineData("""{ "Size": [32, 48] }""", """{ "Size": { "Height": 32, "Width": 48 } }""")]
    [InlineData("""{ "BorderPenalty": 2 }""", """{ "Penalties": { "Border": 2 } }""")]
    [InlineData("""{ "From": "DeepDream", "DreamJitter": 2 }""", """{ "Name": "DeepDream", "Dream": { "Jitter": 2 } }""")]
    [InlineData("""{ "From": "Classic", "UpdateRule": "Adam" }""", """{ "From": { "Name": "Classic" }, "Update": { "Rule": "Adam" } }""")]
    public void Settings_and_parts_say_the_same(string settings, string parts) =>
        Assert.Equal(RecipeReader.Read(settings), RecipeReader.Read(parts));

    [Theory]
    [InlineData("UpdateRule", "\"Adam\"")]
    [InlineData("GradientNormalization", "\"L2\"")]
    [InlineData("ImageParameter", "\"Pixels\"")]
    public void A_step_size_does_not_outlive_what_it_was_for(string setting, string value)
    {
        Assert.Null(RecipeReader.Read($$"""{ "{{setting}}": {{value}} }""").Update.StepSize);
        Assert.Equal(0.5f, RecipeReader.Read($$"""{ "StepSize": 0.5, "{{setting}}": {{value}} }""").Update.StepSize);
    }

    [Fact]
    public void A_border_is_given_in_one_way()
    {
        Recipe pixels = RecipeReader.Read("""{ "From": "Classic", "BorderPixels": 4 }""");

        Assert.Equal(4, pixels.Image.BorderPixels);
        Assert.Null(RecipeReader.Change(pixels, new() { ["Border"] = 0.1 }).Image.BorderPixels);
    }

    [Theory]
    [InlineData("Robust", RecipePurpose.Classes, "RobustClass")]
    [InlineData("natural", RecipePurpose.Classes, "NaturalClass")]
    [InlineData("RobustClass", RecipePurpose.Classes, "RobustClass")]
    [InlineData("Robust", RecipePurpose.Filters, "Robust")]
    public void Names_mean_what_suits_the_purpose(string name, RecipePurpose purpose, string meant)
    {
        Assert.Equal(meant, Recipe.Get(name, purpose).Name);
        Assert.Equal(meant, RecipeReader.Read($$"""{ "From": "{{name}}" }""", purpose).Name);
        Assert.Equal(Recipe.Default(purpose), RecipeReader.Read("{}", purpose));
    }

    [Theory]
    [InlineData("""{ "Decya": 1 }""", "RecipeSettingUnknown", "'Decay'")]
    [InlineData("""{ "Image": { "Decya": 1 } }""", "RecipeSettingUnknown", "'Decay'")]
    [InlineData("""{ "Form": "Robust" }""", "RecipeSettingUnknown", "'From'")]
    [InlineData("""{ "From": "Robsut" }""", "RecipeNotFound", "'Robust'")]
    [InlineData("""{ "From": 3 }""", "RecipeNotFound", "3")]
    [InlineData("""{ "Steps": 2.5 }""", "RecipeValueInvalid", "Steps")]
    [InlineData("""{ "Steps": null }""", "RecipeValueInvalid", "Steps")]
    [InlineData("""{ "Zoom": [1, 2, 3] }""", "RecipeValueInvalid", "Zoom")]
    [InlineData("""{ "Zoom": [3, 2] }""", "RecipeValueOutOfRange", "zoom")]
    [InlineData("""{ "From": "Classic", "Edge": "Wrap" }""", "RecipeSettingUnsuitable", "Border")]
    [InlineData("""{ "ImageParameter": "Pyramid", "Edge": "Wrap" }""", "RecipeSettingUnsuitable", "Pyramid")]
    [InlineData("""{ "Edge": "Blue" }""", "RecipeValueInvalid", "Edge")]
    [InlineData("""{ "Edge": 1 }""", "RecipeValueInvalid", "Edge")]
    [InlineData("""{ "Views": null }""", "RecipeValueInvalid", "Views")]
    [InlineData("""{ "Name": "" }""", "RecipeValueInvalid", "name")]
    [InlineData("""{ "Spectrum": [1] }""", "RecipeValueInvalid", "Spectrum")]
    [InlineData("""{ "Octaves": 3 }""", "RecipeSettingUnsuitable", "Octaves")]
    [InlineData("""{ "From": "DeepDream", "Rotation": 3 }""", "RecipeSettingUnsuitable", "Rotation")]
    [InlineData("""{ "From": "DeepDream", "Steps": 10001 }""", "RecipeValueOutOfRange", "10000")]
    [InlineData("""{ "ViewSize": [0, 3] }""", "RecipeValueOutOfRange", "ViewSize")]
    [InlineData("""{ "Size": { "Height": 3 } }""", "RecipeValueOutOfRange", "Size")]
    [InlineData("""{ "StepSize": 1e-60 }""", "RecipeValueOutOfRange", "StepSize")]
    [InlineData("""{ "Decay": 1e400 }""", "RecipeValue", "Decay")]
    [InlineData("""{ "Steps": 3, "Steps": 4 }""", "RecipeJsonInvalid", "JSON")]
    [InlineData("[]", "RecipeJsonInvalid", "JSON")]
    [InlineData("{", "RecipeJsonInvalid", "JSON")]
    [InlineData("{ \"Name\": \"\\ud800\" }", "RecipeJsonInvalid", "JSON")]
    public void What_cannot_be_is_one_error_that_names_it(string json, string id, string named)
    {
        CnnVizException exception = Assert.Throws<CnnVizException>(() => RecipeReader.Read(json));

        Assert.StartsWith(id, exception.ErrorId);
        Assert.Contains(named, exception.Message);
    }
}
