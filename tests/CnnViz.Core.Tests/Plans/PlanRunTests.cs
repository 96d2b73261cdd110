using CnnViz.Ascent;
using CnnViz.Plans;

namespace CnnViz.Tests.Plans;

/// <summary>Shares that run, stop, fail and go on.</summary>
public sealed class PlanRunTests : TinyModelTest
{
    private readonly string _root = Directory.CreateTempSubdirectory().FullName;

    public override void Dispose()
    {
        base.Dispose();
        Directory.Delete(_root, recursive: true);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Pictures_of_shares_are_those_of_one_run_to_the_byte(int shards)
    {
        FilterPlan plan = Plan(count: 2);
        Run(plan, "whole");
        for (int index = 0; index < shards; index++)
        {
            Run(plan, "shared", new Shard(index, shards));
        }

        AssertSamePictures("whole", "shared");
    }

    [Fact]
    public void Pictures_are_those_that_ascents_make_without_a_plan()
    {
        FilterPlan plan = Plan();
        Run(plan, "out");
        foreach (FilterImage image in new FilterAscent(Model.GetLayer("conv1"), new AscentOptions { Recipe = plan.Recipe, BatchSize = 3 }).Run([0, 1, 2, 3, 4, 5, 6, 7], null, default))
        {
            if (!image.HasSignal)
            {
                continue;
            }

            using FilterImage planned = FilterImageFile.Read(PlanFolder.Open(Folder("out")).PathOf(0, image.Filter!.Value));
            Assert.Equal(image.Activation, planned.Activation);
            Assert.Equal(image.Activations, planned.Activations);
        }
    }

    [Fact]
    public void The_course_of_a_picture_does_not_depend_on_its_neighbours()
    {
        // The dead one ends at once, the others do not; one that has settled takes no further steps either.
        Recipe recipe = Recipe.Natural with { Steps = 40, Tolerance = 0.2, Size = new PictureSize(16, 16) };
        Dictionary<int, FilterImage> Make(int batchSize) =>
            new FilterAscent(Model.GetLayer("conv1"), new AscentOptions { Recipe = recipe, BatchSize = batchSize })
                .Run([0, 3, TinyModel.Dead, 6, 7], null, default).ToDictionary(image => image.Filter!.Value);
        (Dictionary<int, FilterImage> together, Dictionary<int, FilterImage> alone) = (Make(5), Make(1));

        Assert.True(together.Values.Select(image => image.Activations.Count).Distinct().Count() > 1);
        foreach ((int filter, FilterImage image) in together)
        {
            Assert.Equal(alone[filter].Activations, image.Activations);
            Assert.Equal(alone[filter].Tensor.data<float>().ToArray(), image.Tensor.data<float>().ToArray());
            Assert.Equal(alone[filter].Transparency?.data<float>().ToArray(), image.Transparency?.data<float>().ToArray());
        }
    }

    [Fact]
    public void What_is_done_is_not_done_again_whatever_the_number_of_shares()
    {
        FilterPlan plan = Plan();
        FilterPlanResult[] first = Run(plan, "out", new Shard(1, 3));
        FilterPlanResult[] second = Run(plan, "out", new Shard(0, 2));
        FilterPlanResult[] third = Run(plan, "out");

        Assert.Equal(16, first.Length + second.Length + third.Length);
        Assert.NotEmpty(third);
        Assert.Empty(Run(plan, "out", new Shard(4, 5)));
        Assert.True(State("out").IsComplete);
    }

    [Fact]
    public void A_picture_that_is_not_the_plans_is_made_again()
    {
        FilterPlan plan = Plan();
        Run(plan, "out");
        Run(plan with { Seed = 9 }, "other");
        PlanFolder folder = PlanFolder.Open(Folder("out"));
        string whole = Convert.ToHexString(File.ReadAllBytes(folder.PathOf(0, 1)));
        File.Copy(PlanFolder.Open(Folder("other")).PathOf(0, 1), folder.PathOf(0, 1), overwrite: true);
        File.WriteAllBytes(folder.PathOf(1, 2), []);

        FilterPlanResult[] again = Run(plan, "out");

        Assert.Equal([("conv1", 1), ("conv1/relu", 2)], again.Select(result => (result.Layer, result.Filter)));
        Assert.Equal(whole, Convert.ToHexString(File.ReadAllBytes(folder.PathOf(0, 1))));
    }

    [Fact]
    public void A_picture_that_fails_is_reported_and_does_not_keep_others_from_being_made()
    {
        // Nothing can be written in the place of a folder.
        FilterPlan plan = Plan();
        PlanFolder folder = PlanFolder.For(Folder("out"), plan, force: false);
        Directory.CreateDirectory(Path.Combine(folder.PathOf(0, 3), "x"));

        FilterPlanResult[] results = Run(plan, "out");
        FilterPlanResult failed = Assert.Single(results, result => result.Error is not null);
        FilterPlanState state = State("out");
        Directory.Delete(folder.PathOf(0, 3), recursive: true);

        Assert.Equal(("conv1", 3), (failed.Layer, failed.Filter));
        Assert.StartsWith("FileIsFolder: ", failed.Error);
        Assert.Equal(16, results.Length);
        Assert.Equal((15, 1, 0), (state.Done, state.Failed, state.Missing));
        Assert.Equal(failed.Error, Assert.Single(Results("out"), result => result.Error is not null).Error);

        Assert.Equal(["conv1:3"], Run(plan, "out").Select(result => $"{result.Layer}:{result.Filter}"));
        Assert.True(State("out").IsComplete);
        Assert.All(Results("out"), result => Assert.Null(result.Error));
    }

    [Fact]
    public void What_fails_for_a_layer_fails_for_each_of_its_filters()
    {
        FilterPlan plan = Plan();
        Model.Dispose();

        FilterPlanResult[] results = Run(plan, "out");

        Assert.Equal(16, results.Length);
        Assert.All(results, result => Assert.StartsWith("ModelDisposed: ", result.Error));
    }

    [Fact]
    public void A_filter_that_nothing_raises_is_done_and_its_facts_are_there()
    {
        Run(Plan(), "out");
        FilterPlanResult dead = Assert.Single(Results("out"), result => result is { Layer: "conv1/relu", Filter: TinyModel.Dead });
        PlanFolder folder = PlanFolder.Open(Folder("out"));
        using FilterImage image = folder.ReadImage(1, TinyModel.Dead);

        Assert.Equal(AscentStatus.Dead, dead.Status);
        Assert.Null(dead.Path);
        Assert.Null(dead.Error);
        Assert.False(File.Exists(folder.PathOf(1, TinyModel.Dead)));
        Assert.Equal((AscentStatus.Dead, "conv1/relu", TinyModel.Dead), (image.Status, image.Layer, image.Filter));
        Assert.Equal(Results("out").Count(result => !result.HasSignal), State("out").NoSignal);
        Assert.Equal(16, folder.Finished().Count());
    }

    [Fact]
    public void Nothing_is_begun_when_time_is_up_and_the_rest_is_missing()
    {
        FilterPlan plan = Plan();
        int batches = 0;
        FilterPlanResult[] results = Run(plan, "out", isTimeUp: () => batches++ >= 2);
        FilterPlanState state = State("out");

        Assert.InRange(results.Length, 1, 15);
        Assert.Equal((results.Length, 16 - results.Length, 0), (state.Done, state.Missing, state.Failed));
        Assert.True(state.HoursLeft > 0);
    }

    [Fact]
    public void Ledgers_that_are_cut_anywhere_are_read_as_far_as_their_lines_are_whole()
    {
        FilterPlan plan = Plan();
        Run(plan, "out");
        string ledger = Assert.Single(Directory.GetFiles(Path.Combine(Folder("out"), "ledgers")));
        byte[] whole = File.ReadAllBytes(ledger);
        FilterPlanResult[] all = Results("out");
        var random = new Random(1);
        for (int round = 0; round < 40; round++)
        {
            byte[] cut = whole[..random.Next(whole.Length)];
            File.WriteAllBytes(ledger, [.. cut, .. round % 2 == 0 ? "\n\0{\n[]\n{\"layer\":null}\n"u8.ToArray() : []]);

            // What the ledger has lost, the pictures tell.
            Assert.True(State("out").IsComplete);
            Assert.Equal(all.Select(result => (result.Layer, result.Filter, result.Activation, result.Status, result.Path)),
                Results("out").Select(result => (result.Layer, result.Filter, result.Activation, result.Status, result.Path)));
        }
    }

    [Fact]
    public void A_folder_is_for_one_plan_unless_that_is_wanted()
    {
        FilterPlan plan = Plan();
        Run(plan, "out");
        FilterPlan more = plan with { Layers = [plan.Layers[0]] };

        Assert.Equal("PlanFolderTaken", Assert.Throws<CnnVizException>(() => PlanFolder.For(Folder("out"), more, force: false)).ErrorId);
        Assert.NotNull(PlanFolder.For(Folder("out"), plan with { Model = plan.Model with { Path = "elsewhere" } }, force: false));
        Assert.Empty(Run(more, "out", force: true));
        Assert.Equal(8, State("out").Pictures);
    }

    [Theory]
    [InlineData("")]
    [InlineData("pictures/000_conv1/000")]
    public void What_killed_writers_have_left_goes_when_it_is_old(string part)
    {
        string folder = Path.Combine(Folder("out"), part);
        Directory.CreateDirectory(folder);
        (string old, string fresh) = (Leftovers.NewPath(folder), Leftovers.NewPath(folder));
        File.WriteAllText(old, "x");
        File.WriteAllText(fresh, "x");
        File.SetLastWriteTimeUtc(old, DateTime.UtcNow.AddHours(-2));

        Run(Plan(), "out");

        Assert.False(File.Exists(old));
        Assert.True(File.Exists(fresh));
    }

    [Fact]
    public void Folders_have_no_more_than_a_thousand_pictures()
    {
        FilterPlan plan = Plan() with { Count = 1000 };
        PlanFolder folder = PlanFolder.For(Folder("out"), plan, force: false);
        string[] paths = [.. Enumerable.Range(0, 2).SelectMany(layer => Enumerable.Range(0, 8000).Select(number => folder.PathOf(layer, number)))];

        Assert.Equal(16000, paths.Distinct(StringComparer.OrdinalIgnoreCase).Count());
        Assert.All(paths.GroupBy(path => Path.GetDirectoryName(path)), group => Assert.Equal(1000, group.Count()));
    }

    private FilterPlan Plan(int count = 1)
    {
        var options = new AscentOptions { Recipe = Recipe.Robust with { Steps = 3, Size = new PictureSize(16, 16) }, Count = count };
        var maker = new PlanMaker(options, default);
        maker.Add(Model.GetLayer("conv1"), Enumerable.Range(0, 8));
        maker.Add(Model.GetLayer("conv1/relu"), Enumerable.Range(0, 8));
        return maker.ToPlan();
    }

    private FilterPlanResult[] Run(FilterPlan plan, string name, Shard? shard = null, Func<bool>? isTimeUp = null, bool force = false) =>
        [.. new PlanRun(PlanFolder.For(Folder(name), plan, force), shard ?? new Shard(0, 1), Model, isTimeUp ?? (() => false)).Run(null, default)];

    private FilterPlanState State(string name) => new PlanReport(PlanFolder.Open(Folder(name))).State();

    private FilterPlanResult[] Results(string name) => [.. new PlanReport(PlanFolder.Open(Folder(name))).Results()];

    private void AssertSamePictures(string name, string other)
    {
        string[] files = Pictures(name);
        Assert.NotEmpty(files);
        Assert.Equal(files, Pictures(other));
        Assert.All(files, file => Assert.Equal(File.ReadAllBytes(Path.Combine(Folder(name), file)), File.ReadAllBytes(Path.Combine(Folder(other), file))));
    }

    private string[] Pictures(string name) =>
        [.. Directory.GetFiles(Path.Combine(Folder(name), "pictures"), "*", SearchOption.AllDirectories).Select(file => Path.GetRelativePath(Folder(name), file)).Order()];

    private string Folder(string name) => Path.Combine(_root, name);
}
