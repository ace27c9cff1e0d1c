wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"id":7,"items":[' .. string.rep('{"name":"item","price":12.5,"tags":["a","b"]},', 20) .. '{"name":"last"}],"pad":"' .. string.rep('y', 60) .. '"}'
