using System.CommandLine;
using Sailfish.Peers;

var signalR = new Command("signalr", "A SignalR hub with groups, on a free port");
signalR.SetAction((_, cancellationToken) => SignalRPeer.RunAsync(cancellationToken));

var floor = new Command("floor", "A loop of one Socket.Send per delivery, on a free port");
floor.SetAction((_, cancellationToken) => FloorPeer.RunAsync(cancellationToken));

var video = new Command("video", "A loop of one Socket.Send for each viewer and frame of a stream, on a free port");
video.SetAction((_, cancellationToken) => VideoPeer.RunAsync(cancellationToken));

var batch = new Option<int>("--batch") { Description = "Messages in one transaction", Required = true };
var conversations = new Option<int>("--conversations") { Description = "Conversations that they are of, in turn", Required = true };
var bytes = new Option<int>("--data-bytes") { Description = "Bytes of a message's data", Required = true };
var seconds = new Option<int>("--seconds") { Description = "How long", Required = true };
var store = new Command("store", "Writes messages as the server stores them, and nothing else; prints how many a second, as JSON") { batch, conversations, bytes, seconds };
store.SetAction(parsed => StorePeer.Run(
    parsed.GetValue(batch), parsed.GetValue(conversations), parsed.GetValue(bytes), TimeSpan.FromSeconds(parsed.GetValue(seconds))));

var database = new Option<string>("--database") { Description = "Where, as a connection string of Npgsql", Required = true };
var connections = new Option<int>("--connections") { Description = "Connections that write at once", Required = true };
var append = new Command("append", "The same on PostgreSQL, as several nodes store them") { database, connections, batch, conversations, bytes, seconds };
append.SetAction((parsed, _) => AppendPeer.RunAsync(
    parsed.GetValue(database)!, parsed.GetValue(connections), parsed.GetValue(batch), parsed.GetValue(conversations), parsed.GetValue(bytes), TimeSpan.FromSeconds(parsed.GetValue(seconds))));

return await new RootCommand("What the load test compares the server with") { signalR, floor, video, store, append }.Parse(args).InvokeAsync();
