using CnnViz.Showing.Atlas.Data;

namespace CnnViz.Tests.Showing.Atlas;

public sealed class AtlasAddressTests
{
    [Theory]
    [InlineData("conv1")]
    [InlineData("block1_conv1")]
    [InlineData("features.0")]
    [InlineData("a-b")]
    public void A_plain_name_is_its_own_address(string name) => Assert.Equal(name, AtlasAddress.Of(name));

    [Theory]
    [InlineData("a/b", "a-b")]
    [InlineData("Conv1", "conv1")]
    [InlineData("a b", "a-b")]
    [InlineData("a/b", "a\\b")]
    [InlineData("inception_4c/3x3", "inception_4c/3X3")]
    [InlineData("é", "è")]
    [InlineData(".", "..")]
    [InlineData("", " ")]
    [InlineData("x\n", "x")]
    [InlineData("a.", "a")]
    public void Names_that_differ_have_addresses_that_differ(string one, string other) =>
        Assert.NotEqual(AtlasAddress.Of(one), AtlasAddress.Of(other), StringComparer.OrdinalIgnoreCase);

    [Theory]
    [InlineData("../../etc/passwd")]
    [InlineData("..")]
    [InlineData("")]
    [InlineData("CON")]
    [InlineData("con")]
    [InlineData("nul.txt")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("a\0b")]
    [InlineData("\" onload=\"x")]
    [InlineData("a~b")]
    [InlineData("100%")]
    public void Any_name_becomes_an_address_of_safe_characters(string name)
    {
        string address = AtlasAddress.Of(name);

        Assert.Matches(@"^[a-z0-9_.-]*~[0-9a-f]{12}$", address);
        Assert.DoesNotMatch(@"^\.", address);
        Assert.Equal(address, AtlasAddress.Of(name));
    }

    [Fact]
    public void Long_names_are_cut_and_still_differ()
    {
        string one = AtlasAddress.Of(new string('x', 1000));

        Assert.True(one.Length < 80);
        Assert.NotEqual(one, AtlasAddress.Of(new string('x', 1001)));
    }
}
