using Sailfish.Media.Rtmp;
using Sailfish.Server.Media.Publishing;

namespace Sailfish.Tests.Server.Media;

public sealed class RtmpTargetTests
{
    [Theory]
    [InlineData("live", "100001-key", "100001-key", null)]
    [InlineData("live/", "100001-key", "100001-key", null)]
    [InlineData("live?x=1", "100001-key", "100001-key", null)]
    [InlineData("live", "1000001?key=100001-key", "100001-key", 1000001L)]
    [InlineData("live/1000001", "100001-key", "100001-key", 1000001L)]
    [InlineData("live", "?key=100001-key", "100001-key", null)]
    [InlineData("live", "100001-key?other=1", "100001-key", null)]
    [InlineData("live", "", "", null)]
    public void Server_and_stream_name_a_key_and_perhaps_a_room(string app, string stream, string key, long? room) =>
        Assert.Equal(new RtmpTarget(key, room), RtmpTarget.Parse(new RtmpPublish(app, stream)));

    [Theory]
    [InlineData("")]
    [InlineData("studio")]
    [InlineData("live/1/2")]
    [InlineData("LIVE")]
    public void Another_application_is_none_of_ours(string app) => Assert.Null(RtmpTarget.Parse(new RtmpPublish(app, "100001-key")));
}
